"""A read-only pool on a database of the test's own."""

from collections.abc import AsyncIterator

import pytest

from domain.database.read_only_pool import ReadOnlyPool, create_pool
from settings import settings


@pytest.fixture
async def pool(database: str) -> AsyncIterator[ReadOnlyPool]:
    """A pool of at most two connections."""
    assert database
    pool = await create_pool(str(settings().database_url), 2)
    yield pool
    await pool.close()
