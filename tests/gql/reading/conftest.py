"""The fixtures of the tests of reading."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.database.read_only_pool import create_pool
from settings import settings
from tests.domain.naive.fixtures import RandomWorld
from tests.gql.reading.engine_execution import enabled_engine
from tests.gql.reading.random_documents import KnownValues

__all__ = ["enabled_engine"]


@pytest.fixture
async def pool(a_random_world: RandomWorld) -> AsyncIterator[Any]:
    """Connections of the engine to the random organisations."""
    del a_random_world  # it only has to exist
    connections = await create_pool(str(settings().database_url), 2)
    yield connections
    await connections.close()


@pytest.fixture
async def known_values(a_random_world: RandomWorld) -> KnownValues:
    """The values that documents may use of the random organisations."""
    del a_random_world
    return await KnownValues.from_database()
