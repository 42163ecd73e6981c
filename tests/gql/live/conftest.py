"""Fixtures of the tests of live changes."""

from collections.abc import AsyncIterator

import pytest

from tests.domain.rules.office import Office, an_office
from tests.gql.live.live_api import LiveApi, live_api


@pytest.fixture
async def api(database: str) -> AsyncIterator[LiveApi]:
    """The API, in this process."""
    assert database
    async with live_api() as running:
        yield running


@pytest.fixture
async def office(database: str) -> Office:
    """A contract with a reader, a drafter, a sender and an administrator."""
    assert database
    return await an_office()
