"""Queries of a demo's database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from local.data_folder import DataFolder
from local.servers.postgres import PostgresServer
from local.servers.socket_folder import socket_folder

TIMEOUT = 60.0
POLL_INTERVAL = 0.05


@dataclass(frozen=True)
class DemoDatabase:
    """The database of the demo with this data folder."""

    folder: DataFolder

    def rows(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """Executes a statement and returns its rows."""
        return asyncio.run(self._rows(statement, *parameters))

    def wait_until_none(self, statement: str) -> None:
        """Waits until a query returns no rows."""
        asyncio.run(self._wait_until_none(statement))

    async def _rows(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        async with self._connected() as connection:
            return [dict(row) for row in await connection.fetch(statement, *parameters)]

    async def _wait_until_none(self, statement: str) -> None:
        async with self._connected() as connection, asyncio.timeout(TIMEOUT):
            while await connection.fetch(statement):  # noqa: ASYNC110  # other processes change the rows
                await asyncio.sleep(POLL_INTERVAL)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        postgres = PostgresServer(self.folder.postgres, socket_folder(self.folder.sockets))
        connection = await asyncpg.connect(postgres.url())
        try:
            yield connection
        finally:
            await connection.close()
