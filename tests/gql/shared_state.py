"""The state that the API's processes share in Valkey."""

from collections.abc import AsyncIterator

import pytest

from gql.shared_state import SharedState


@pytest.fixture
async def shared_state(valkey: str) -> AsyncIterator[SharedState]:
    """The shared state in the test's Valkey; a test module that uses the fixture imports it."""
    state = SharedState(valkey)
    yield state
    await state.close()
