"""A database with the demo data, shared by all tests that only read it."""

from collections.abc import AsyncIterator

import pytest

from domain.database.connection import close_database
from local.demo_data.load import load_demo_data
from tests.conftest import Environment
from tests.midnight import today_suffix
from tests.open_models import open_models
from tests.servers import Servers


@pytest.fixture(scope="session")
def loaded_databases() -> set[str]:
    """The names of the databases into which this process has loaded the demo data."""
    return set()


@pytest.fixture
async def demo(
    servers: Servers, template: str, environment: Environment, worker_id: str, loaded_databases: set[str]
) -> AsyncIterator[str]:
    """A database with the demo data, open for the models, which no test may change; yields its URL."""
    name = f"demo_{worker_id}_{today_suffix()}"
    if name not in loaded_databases:
        await servers.copy_database(template, name)
    url = servers.postgres.url(name)
    environment.set(DATABASE_URL=url)
    # As the owner of the tables, like the demo's own start-up task.
    await open_models(url)
    if name not in loaded_databases:
        assert await load_demo_data()
        loaded_databases.add(name)
    yield url
    await close_database()
