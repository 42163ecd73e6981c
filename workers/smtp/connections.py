"""The lines to the mail server: a few, kept and lent out in turn, and the pause when the server is away."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from settings import Settings
from workers.metrics import PAUSED
from workers.smtp.line import Line
from workers.smtp.line_errors import LineError, LoginRefusedError

log = structlog.get_logger()

LINES: Final = 4
"""Connections at most; more than a mail server likes from one client would only be turned down."""
PROBE_AFTER: Final = 2.0
"""Seconds between two attempts to reach a mail server that is away."""
LOGIN_AFTER: Final = 60.0
"""Seconds between two attempts to log in where it was refused; sooner might lock the account."""
IDLE: Final = 60.0
"""Seconds after which a line that nobody uses is hung up."""


class SenderPausedError(Exception):
    """No mail can be sent now, whichever; nothing that waits has been touched."""


class Connections:
    """Lends out lines that are ready; while the mail server is away it refuses, and probes now and then."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._permits = asyncio.Semaphore(LINES)
        self._idle: list[tuple[Line, float]] = []
        self._paused_until: float | None = None

    @property
    def paused(self) -> bool:
        """Whether it is no use to ask for a line now."""
        return self.pause_left > 0

    @property
    def pause_left(self) -> float:
        """Seconds for which it is no use to ask for a line."""
        return max(0.0, (self._paused_until or 0.0) - time.monotonic())

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Line]:
        """A line that is ready, for as long as the block lasts.

        Raises:
            SenderPausedError: The mail server is away, or lets nobody in.
        """
        async with self._permits:
            line = self._idle.pop()[0] if self._idle else Line(self._settings)
            try:
                await self.mend(line)
                yield line
            except BaseException:
                # Nobody knows in the middle of what it stopped.
                line.close()
                raise
            if line.is_open:
                self._idle.append((line, time.monotonic()))

    async def mend(self, line: Line) -> None:
        """Makes a line ready, whatever happened to it.

        Raises:
            SenderPausedError: It can't be; the sender pauses.
        """
        if self.paused:
            raise SenderPausedError
        try:
            await line.ready()
        except LineError as error:
            self.pause(error)
            raise SenderPausedError from error
        if self._paused_until is not None:
            self._paused_until = None
            PAUSED.set(0)
            log.info("sender_resumed")

    def pause(self, error: LineError) -> None:
        """Sends nothing for a while, because of an error that no mail is to blame for."""
        if self._paused_until is None:
            PAUSED.set(1)
            log.warning("sender_paused", error=type(error).__name__, detail=str(error))
        wait = LOGIN_AFTER if isinstance(error, LoginRefusedError) else PROBE_AFTER
        self._paused_until = time.monotonic() + wait

    async def hang_up_idle(self, after: float = IDLE) -> None:
        """Closes the lines that have not been used for so many seconds."""
        before = time.monotonic() - after
        idle = [line for line, since in self._idle if since <= before]
        self._idle = [(line, since) for line, since in self._idle if since > before]
        for line in idle:
            await line.quit()
