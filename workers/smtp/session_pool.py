"""The pool of sessions with the mail server, which pauses while the server is unavailable."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from settings import Settings
from workers.metrics import PAUSED
from workers.smtp.errors import LoginRefusedError, SessionError
from workers.smtp.session import SmtpSession

log = structlog.get_logger()

MAX_SESSIONS: Final = 4
"""The maximum number of connections; mail servers accept only a few from one client."""
RECONNECT_DELAY: Final = 2.0
"""Seconds between two attempts to reach an unavailable mail server."""
LOGIN_RETRY_DELAY: Final = 60.0
"""Seconds between two attempts to log in after a refusal; sooner might lock the account."""
IDLE_TIMEOUT: Final = 60.0
"""Seconds after which an idle session is closed."""


class SenderPausedError(Exception):
    """No mail can be sent now; waiting mails are unchanged."""


class SessionPool:
    """Provides ready sessions; while the mail server is unavailable it provides none, and reconnects at intervals."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._permits = asyncio.Semaphore(MAX_SESSIONS)
        self._idle: list[tuple[SmtpSession, float]] = []
        self._paused_until: float | None = None

    @property
    def is_paused(self) -> bool:
        """Whether the pool provides no sessions now."""
        return self.remaining_pause > 0

    @property
    def remaining_pause(self) -> float:
        """Seconds for which the pool provides no sessions."""
        return max(0.0, (self._paused_until or 0.0) - time.monotonic())

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[SmtpSession]:
        """A ready session, for as long as the block lasts.

        Raises:
            SenderPausedError: The mail server is unavailable, or refuses the login.
        """
        async with self._permits:
            session = self._idle.pop()[0] if self._idle else SmtpSession(self._settings)
            try:
                await self.ensure_ready(session)
                yield session
            except BaseException:
                # It may have stopped in the middle of a command.
                session.close()
                raise
            if session.is_open:
                self._idle.append((session, time.monotonic()))

    async def ensure_ready(self, session: SmtpSession) -> None:
        """Makes a session ready, opening it again if need be.

        Raises:
            SenderPausedError: It can't be opened; the pool pauses.
        """
        if self.is_paused:
            raise SenderPausedError
        try:
            await session.ensure_ready()
        except SessionError as error:
            self.pause(error)
            raise SenderPausedError from error
        if self._paused_until is not None:
            self._paused_until = None
            PAUSED.set(0)
            log.info("sender_resumed")

    def pause(self, error: SessionError) -> None:
        """Provides no sessions for a while, because of an error that is not about a mail."""
        if self._paused_until is None:
            PAUSED.set(1)
            log.warning("sender_paused", error=type(error).__name__, detail=str(error))
        delay = LOGIN_RETRY_DELAY if isinstance(error, LoginRefusedError) else RECONNECT_DELAY
        self._paused_until = time.monotonic() + delay

    async def close_idle(self, idle_for: float = IDLE_TIMEOUT) -> None:
        """Closes the sessions that have been idle for this many seconds."""
        before = time.monotonic() - idle_for
        expired = [session for session, since in self._idle if since <= before]
        self._idle = [(session, since) for session, since in self._idle if since > before]
        for session in expired:
            await session.quit()
