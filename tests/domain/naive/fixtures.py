"""Random organisations on which tests compare the rules with their naive reading."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from domain.actor import Actor
from tests.domain.naive.random_world import random_world
from tests.domain.naive.viewer import Viewer
from tests.domain.naive.world import World
from tests.prepared_databases import PreparedDatabases

SEEDS = (3, 5)


@dataclass(frozen=True)
class RandomWorld:
    """The rows of an open database, and all actors."""

    world: World
    actors: list[Actor]

    def viewers(self) -> list[tuple[Actor, Viewer]]:
        return [(actor, Viewer(self.world, actor)) for actor in self.actors]


@pytest.fixture(params=SEEDS, ids="world{}".format)
async def a_random_world(
    request: pytest.FixtureRequest, prepared_databases: PreparedDatabases
) -> AsyncIterator[RandomWorld]:
    """Random organisations in an open database; a test runs once for each seed."""
    seed: int = request.param
    async with prepared_databases.open(f"random_{seed}", lambda: random_world(seed)) as actors:
        yield RandomWorld(await World.read(), actors)
