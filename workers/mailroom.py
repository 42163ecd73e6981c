"""What a worker does with the outbox: routes notifications, then sends their mails down a line."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Final

import structlog

from domain.mail_domain import message_domain
from settings import Settings
from workers.batch import Batch
from workers.connections import Connections, SenderPausedError
from workers.delivery import Claim, any_due, claim_due, claim_of
from workers.routing import claim_notifications, route

log = structlog.get_logger()

CLOSING_TIME: Final = 8.0
"""Seconds that the mail in hand is given when the worker stops; what is cut off is taken over when its lease ends."""


class Mailroom:
    """One worker's hands: every batch runs in a task of its own, which outlives the job or sweep that asked for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connections = Connections(settings)
        self._message_domain = message_domain(settings)
        self._working: set[asyncio.Task[int]] = set()
        self._closing = False

    async def handle(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Routes these notifications, and sends their mails and letters; what can't be done now the sweep does.

        Args:
            notification_ids: Keys of notifications; those that were handled already are passed over.
            letter_ids: Keys of letters, likewise.
        """
        await self._in_own_task(self._handle(notification_ids, letter_ids))

    async def sweep(self) -> int:
        """Routes and sends everything that waits; answers how much that was."""
        handled = await self._in_own_task(self._sweep())
        await self._connections.hang_up_idle()
        return handled

    async def close(self) -> None:
        """Finishes the mails that are being sent, gives back what was claimed, and hangs up."""
        self._closing = True
        if self._working:
            _, unfinished = await asyncio.wait(self._working, timeout=CLOSING_TIME)
            for task in unfinished:
                task.cancel()
            if unfinished:
                log.warning("cut_off", batches=len(unfinished))
                await asyncio.wait(unfinished)
        await self._connections.hang_up_idle(after=0)

    async def _in_own_task(self, work: Coroutine[None, None, int]) -> int:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return await asyncio.shield(task)

    async def _handle(self, notification_ids: Sequence[int], letter_ids: Sequence[int]) -> int:
        routed = await self._route(notification_ids) if notification_ids else 0
        return routed + await self._send(lambda: claim_of(notification_ids, letter_ids))

    async def _sweep(self) -> int:
        handled = 0
        while routed := await self._route():
            handled += routed
        if not self._connections.paused and await any_due():
            handled += await self._send(claim_due)
        return handled

    async def _route(self, notification_ids: Sequence[int] | None = None) -> int:
        if self._closing:
            return 0
        claims = await claim_notifications(notification_ids)
        for claim in claims:
            await route(claim, self._message_domain)
        return len(claims)

    async def _send(self, claim_some: Callable[[], Awaitable[list[Claim]]]) -> int:
        """Sends in batches, all down one line, until nothing is left to claim.

        The line comes first, so that no try is spent while the mail server is away.
        """
        sent = 0
        try:
            async with self._connections.borrow() as line:
                while not self._closing:
                    claimed_at = time.monotonic()
                    claims = await claim_some()
                    if not claims:
                        break
                    batch = Batch(self._settings, self._connections, line, lambda: self._closing)
                    sent += await batch.send(claims, claimed_at)
        except SenderPausedError:
            pass
        return sent
