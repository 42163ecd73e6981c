"""Databases whose rows take a while to insert: filled once per run, then copied for each test that reads them."""

import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from domain.database.connection import close_database
from tests.conftest import Environment
from tests.midnight import today_suffix
from tests.open_models import open_models
from tests.servers import TEMPLATE_DATABASE, TEST_LOGIN, Servers, locked_marker

_copy_numbers = count()


class PreparedDatabases:
    """Copies of prepared databases.

    Each has a name and a function that fills an empty database, whose result is stored as well. They are valid for one
    day, and filled again on the next.
    """

    def __init__(self, servers: Servers, environment: Environment, worker_id: str) -> None:
        self._servers = servers
        self._environment = environment
        self._worker_id = worker_id

    @asynccontextmanager
    async def open(self, name: str, fill: Callable[[], Awaitable[Any]]) -> AsyncIterator[Any]:
        """Opens a copy for the models until the block ends; yields the result of `fill`."""
        source, copy = f"prepared_{name}_{today_suffix()}", f"copy_{self._worker_id}_{next(_copy_numbers)}"
        result = await self._filled(source, fill)
        await self._servers.copy_database(source, copy)
        await self._open(copy)
        try:
            yield result
        finally:
            await close_database()
            self._servers.drop_later(copy)

    async def _filled(self, name: str, fill: Callable[[], Awaitable[Any]]) -> Any:
        """The result of `fill`, which the first process of the run that gets here calls."""
        with locked_marker(self._servers.folder / name) as marker:
            if not marker.exists():
                await self._servers.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                await self._servers.copy_database(TEMPLATE_DATABASE, name)
                await self._open(name)
                try:
                    marker.write_bytes(pickle.dumps(await fill()))
                finally:
                    await close_database()
        return pickle.loads(marker.read_bytes())  # noqa: S301  # written by this run

    async def _open(self, name: str) -> None:
        url = self._servers.postgres.url(name, TEST_LOGIN)
        self._environment.set(DATABASE_URL=url, MIGRATION_DATABASE_URL=self._servers.postgres.url(name))
        await open_models(url)


@pytest.fixture
def prepared_databases(servers: Servers, template: str, environment: Environment, worker_id: str) -> PreparedDatabases:
    """Databases that are filled once per run."""
    del template  # it must be there to be copied
    return PreparedDatabases(servers, environment, worker_id)
