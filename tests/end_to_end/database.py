"""What stands in a demo's database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from local.data_folder import DataFolder
from local.servers.postgres import PostgresServer
from local.servers.socket_folder import socket_folder

PATIENCE = 60.0
BETWEEN_QUESTIONS = 0.05


@dataclass(frozen=True)
class DemoDatabase:
    """The database of the demo on that folder."""

    folder: DataFolder

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """What it answers."""
        return asyncio.run(self._rows(statement, *values))

    def wait_until_none(self, statement: str) -> None:
        """Asks until nothing is found any more."""
        asyncio.run(self._wait_until_none(statement))

    async def _rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        async with self._connected() as connection:
            return [dict(row) for row in await connection.fetch(statement, *values)]

    async def _wait_until_none(self, statement: str) -> None:
        async with self._connected() as connection, asyncio.timeout(PATIENCE):
            while await connection.fetch(statement):  # noqa: ASYNC110  # no event of ours tells what workers do
                await asyncio.sleep(BETWEEN_QUESTIONS)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        postgres = PostgresServer(self.folder.postgres, socket_folder(self.folder.sockets))
        connection = await asyncpg.connect(postgres.url())
        try:
            yield connection
        finally:
            await connection.close()
