"""What processes of the API share, for tests of what is counted there."""

from collections.abc import AsyncIterator

import pytest

from gql.shared_state import Shared


@pytest.fixture
async def shared(valkey: str) -> AsyncIterator[Shared]:
    """The counters in a Valkey; a test that asks for it imports it."""
    sharing = Shared(valkey)
    yield sharing
    await sharing.close()
