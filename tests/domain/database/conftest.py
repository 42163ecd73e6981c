"""Connections for reading to a database of the test's own."""

from collections.abc import AsyncIterator

import pytest

from domain.database.reading_pool import ReadingPool, open_pool
from settings import settings


@pytest.fixture
async def pool(database: str) -> AsyncIterator[ReadingPool]:
    """Two connections at most; one question after another goes by the same."""
    assert database
    opened = await open_pool(str(settings().database_url), 2)
    yield opened
    await opened.close()
