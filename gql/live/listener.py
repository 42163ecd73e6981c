"""The one connection of a process that hears of changes from the database."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from domain.database.changes import CHANNEL, Change, parse_change

log = structlog.get_logger()

HEARTBEAT: Final = 10.0
"""Seconds between questions whether the database is still there: a connection that died silently tells nothing."""
ANSWER: Final = 5.0
"""Seconds in which it answers such a question, or lets itself be connected to."""
LONGEST_PAUSE: Final = 5.0
"""Seconds between attempts to connect, at the most; the first is made at once."""


class ChangeListener:
    """Listens for as long as the process serves, and connects again whenever the database went away.

    Args:
        url: The database's address.
        heard: Called with every change.
        lost: Called when changes may have been missed.
    """

    def __init__(self, url: str, heard: Callable[[Change], None], lost: Callable[[], None]) -> None:
        self._url = url
        self._heard = heard
        self._lost = lost
        self._task: asyncio.Task[None] | None = None
        self.connected = False

    def start(self) -> None:
        """Begins to listen, behind the caller's back."""
        self._task = asyncio.create_task(self._listen_for_ever())

    async def stop(self) -> None:
        """Gives the connection back."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _listen_for_ever(self) -> None:
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            try:
                await self._listen()
            except Exception as cause:  # noqa: BLE001  # whatever it is, those who follow must not wait in vain
                log.warning("changes_not_heard", cause=type(cause).__name__)
            pause = 0.05 if self.connected else min(LONGEST_PAUSE, pause * 2 or 0.05)
            if self.connected:
                self.connected = False
                self._lost()

    async def _listen(self) -> None:
        """Listens until the connection is gone."""
        connection = await asyncpg.connect(self._url, timeout=ANSWER, server_settings={"application_name": "changes"})
        gone = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _connection: gone.set())
            await connection.add_listener(CHANNEL, self._hear)
            self.connected = True
            log.info("changes_heard")
            while not gone.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), HEARTBEAT)
                if not gone.is_set():
                    await connection.execute("select 1", timeout=ANSWER)
        finally:
            # Never politely: whoever is at the other end may not answer.
            connection.terminate()

    def _hear(self, _connection: Any, _process: int, _channel: str, payload: object) -> None:
        self._heard(parse_change(str(payload)))
