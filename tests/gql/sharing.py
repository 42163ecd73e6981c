"""What processes of the API share, for tests of what is counted there."""

from collections.abc import AsyncIterator

import pytest

from gql.shared_state import SharedState


@pytest.fixture
async def shared(valkey: str) -> AsyncIterator[SharedState]:
    """The counters in a Valkey; a test that asks for it imports it."""
    sharing = SharedState(valkey)
    yield sharing
    await sharing.close()
