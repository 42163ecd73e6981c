"""The connection on which a process listens for changes in the database (LISTEN/NOTIFY)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from domain.database.changes import CHANNEL, Change, parse_change

log = structlog.get_logger()

HEARTBEAT_INTERVAL: Final = 10.0
"""Seconds between heartbeats, which detect a connection that was lost without notice."""
DATABASE_TIMEOUT: Final = 5.0
"""Seconds for connecting, and for a heartbeat."""
MAX_RECONNECT_DELAY: Final = 5.0
"""The longest delay between attempts to connect, in seconds; the first attempt is made at once."""


class ChangeListener:
    """Listens while the process serves, and reconnects when the connection is lost.

    Args:
        url: The database's URL.
        on_change: Called with every change.
        on_lost: Called when the connection was lost, so that changes may have been missed.

    Attributes:
        is_connected: Whether changes are received now.
    """

    def __init__(self, url: str, on_change: Callable[[Change], None], on_lost: Callable[[], None]) -> None:
        self._url = url
        self._on_change = on_change
        self._on_lost = on_lost
        self._task: asyncio.Task[None] | None = None
        self.is_connected = False

    def start(self) -> None:
        """Starts to listen in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stops listening and closes the connection."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        delay = 0.0
        while True:
            await asyncio.sleep(delay)
            try:
                await self._listen()
            except Exception as cause:  # noqa: BLE001  # whatever it is, the subscriptions need a connection
                log.warning("changes_not_heard", cause=type(cause).__name__)
            delay = 0.05 if self.is_connected else min(MAX_RECONNECT_DELAY, delay * 2 or 0.05)
            if self.is_connected:
                self.is_connected = False
                self._on_lost()

    async def _listen(self) -> None:
        """Connects and listens until the connection is lost."""
        connection = await asyncpg.connect(
            self._url, timeout=DATABASE_TIMEOUT, server_settings={"application_name": "changes"}
        )
        terminated = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _connection: terminated.set())
            await connection.add_listener(CHANNEL, self._on_notification)
            self.is_connected = True
            log.info("changes_heard")
            while not terminated.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(terminated.wait(), HEARTBEAT_INTERVAL)
                if not terminated.is_set():
                    await connection.execute("select 1", timeout=DATABASE_TIMEOUT)
        finally:
            # Not `close`, which would wait for the server: it may not respond.
            connection.terminate()

    def _on_notification(self, _connection: Any, _process: int, _channel: str, payload: object) -> None:
        self._on_change(parse_change(str(payload)))
