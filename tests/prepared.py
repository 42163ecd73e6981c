"""Databases full of rows that take a while to make: made once in a run, then copied for every test that reads them."""

import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from domain.database.connection import close_database
from tests.conftest import Environment
from tests.midnight import name_of_today
from tests.opened_models import open_models
from tests.servers import ANYONE, TEMPLATE, Servers, in_turn

_serial = count()


class Prepared:
    """Copies of prepared databases.

    Each has a name and a function that fills an empty database; what the function returns is kept beside it. They are
    of one day, and made anew on the next.
    """

    def __init__(self, servers: Servers, environment: Environment, worker_id: str) -> None:
        self._servers = servers
        self._environment = environment
        self._worker_id = worker_id

    @asynccontextmanager
    async def opened(self, name: str, fill: Callable[[], Awaitable[Any]]) -> AsyncIterator[Any]:
        """Opens a copy for the models until the block ends; gives what the function that filled it returned."""
        source, copy = f"prepared_{name}_{name_of_today()}", f"copy_{self._worker_id}_{next(_serial)}"
        told = await self._made(source, fill)
        await self._servers.copy(source, copy)
        await self._open(copy)
        try:
            yield told
        finally:
            await close_database()
            self._servers.leave(copy)

    async def _made(self, name: str, fill: Callable[[], Awaitable[Any]]) -> Any:
        """What was returned when it was filled, by whichever process asked first."""
        with in_turn(self._servers.folder / name) as made:
            if not made.exists():
                await self._servers.command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                await self._servers.copy(TEMPLATE, name)
                await self._open(name)
                try:
                    made.write_bytes(pickle.dumps(await fill()))
                finally:
                    await close_database()
        return pickle.loads(made.read_bytes())  # noqa: S301  # this run wrote it

    async def _open(self, name: str) -> None:
        url = self._servers.postgres.url(name, ANYONE)
        self._environment.set(DATABASE_URL=url, MIGRATION_DATABASE_URL=self._servers.postgres.url(name))
        await open_models(url)


@pytest.fixture
def prepared(servers: Servers, template: str, environment: Environment, worker_id: str) -> Prepared:
    """Databases that are filled once in a run."""
    del template  # it must be there to be copied
    return Prepared(servers, environment, worker_id)
