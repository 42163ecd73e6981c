"""What a worker does with the outbox: routes notifications, then sends their mails down a line."""

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Final

import structlog

from domain.mail_domain import message_domain
from settings import Settings
from workers.lanes import Lanes
from workers.outbox.claims import Turns, any_due, claim_of
from workers.outbox.routing import NotificationClaim, NotificationTurns, claim_notifications, route
from workers.smtp.connections import Connections

log = structlog.get_logger()

CLOSING_TIME: Final = 8.0
"""Seconds that the mail in hand is given when the worker stops; what is cut off is taken over when its lease ends."""

CUT_OFF_TIME: Final = 2.0
"""Seconds in which what is cut off may still write down what it knows; a database that is away isn't waited for."""
ROUTED_AT_ONCE: Final = 4
"""Notifications that are routed side by side, each in a transaction of its own."""


class Mailroom:
    """One worker's hands: every batch runs in a task of its own, which outlives the job or sweep that asked for it."""

    def __init__(self, settings: Settings) -> None:
        self._connections = Connections(settings)
        self._turns = Turns()
        self._lanes = Lanes(settings, self._connections, self._turns.claim, lambda: self._closing)
        self._routing = asyncio.Semaphore(ROUTED_AT_ONCE)
        self._notification_turns = NotificationTurns()
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
        """Routes everything that waits, and then sends it; answers how much that was."""
        return await self.route_due() + await self.send_due()

    async def route_due(self) -> int:
        """Routes every notification that waits; answers how many."""
        return await self._in_own_task(self._route_due())

    async def send_due(self) -> int:
        """Sends every mail that waits; answers how many."""
        sent = await self._in_own_task(self._send_due())
        await self._connections.hang_up_idle()
        return sent

    async def close(self) -> None:
        """Finishes the mails that are being sent, gives back what was claimed, and hangs up."""
        self._closing = True
        if self._working:
            _, unfinished = await asyncio.wait(self._working, timeout=CLOSING_TIME)
            for task in unfinished:
                task.cancel()
            if unfinished:
                log.warning("cut_off", batches=len(unfinished))
                await asyncio.wait(unfinished, timeout=CUT_OFF_TIME)
        await self._connections.hang_up_idle(after=0)

    async def _in_own_task(self, work: Coroutine[None, None, int]) -> int:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return await asyncio.shield(task)

    async def _handle(self, notification_ids: Sequence[int], letter_ids: Sequence[int]) -> int:
        routed = await self._route(notification_ids) if notification_ids else 0
        return routed + await self._lanes.send(partial(claim_of, notification_ids, letter_ids))

    async def _route_due(self) -> int:
        handled = 0
        while routed := await self._route():
            handled += routed
        return handled

    async def _send_due(self) -> int:
        if self._connections.paused or not await any_due():
            return 0
        return await self._lanes.send(self._turns.claim)

    async def _route(self, notification_ids: Sequence[int] | None = None) -> int:
        if self._closing:
            return 0
        if notification_ids is None:
            claims = await self._notification_turns.claim()
        else:
            claims = await claim_notifications(notification_ids)
        await asyncio.gather(*(self._route_one(claim) for claim in claims))
        return len(claims)

    async def _route_one(self, claim: NotificationClaim) -> None:
        async with self._routing:
            await route(claim, self._message_domain)
