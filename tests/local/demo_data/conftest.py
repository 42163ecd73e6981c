"""One database with the demo data for all tests that only read it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from domain.database.connection import close_database
from local.demo_data.load import load_demo_data
from tests.conftest import Environment
from tests.midnight import name_of_today
from tests.opened_models import open_models
from tests.servers import Servers


@dataclass
class Filled:
    """The databases that this process has filled already."""

    names: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def filled() -> Filled:
    return Filled()


@pytest.fixture
async def demo(
    servers: Servers, template: str, environment: Environment, worker_id: str, filled: Filled
) -> AsyncIterator[str]:
    """A database with the demo data, open for the models; no test may change it. Gives its address."""
    name = f"demo_{worker_id}_{name_of_today()}"
    if name not in filled.names:
        await servers.copy(template, name)
    url = servers.postgres.url(name)
    environment.set(DATABASE_URL=url)
    # As the demo's own step does it, which owns the tables.
    await open_models(url)
    if name not in filled.names:
        assert await load_demo_data()
        filled.names.add(name)
    yield url
    await close_database()
