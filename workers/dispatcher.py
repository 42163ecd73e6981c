"""The dispatcher of a worker: routes notifications, and sends their mails and letters."""

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Final

import structlog

from domain.mail_domain import message_domain
from settings import Settings
from workers.outbox.delivery_claims import DeliveryClaimer, claim_deliveries_of, has_due_deliveries
from workers.outbox.notification_claims import NotificationClaim, NotificationClaimer, claim_notifications
from workers.outbox.routing import route
from workers.sender import Sender
from workers.smtp.session_pool import SessionPool

log = structlog.get_logger()

GRACE_PERIOD: Final = 8.0
"""Seconds for the mails being sent when the worker stops; others take over the rest when their leases expire."""
CANCEL_TIMEOUT: Final = 2.0
"""Seconds in which cancelled tasks may still write their outcomes, if the database is available."""
MAX_CONCURRENT_ROUTINGS: Final = 4
"""Notifications that are routed concurrently, each in a transaction of its own."""


class Dispatcher:
    """Does the work of one process, in tasks of its own, which outlive the jobs that requested them."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = SessionPool(settings)
        self._delivery_claimer = DeliveryClaimer()
        self._sender = Sender(settings, self._sessions, self._delivery_claimer.claim, lambda: self._is_closing)
        self._routing_permits = asyncio.Semaphore(MAX_CONCURRENT_ROUTINGS)
        self._notification_claimer = NotificationClaimer()
        self._message_domain = message_domain(settings)
        self._tasks: set[asyncio.Task[int]] = set()
        self._is_closing = False

    async def handle(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Routes these notifications, and sends their mails and letters; the rest is left to the sweep.

        Args:
            notification_ids: Ids of notifications; those that were already handled are skipped.
            letter_ids: Ids of letters, likewise.
        """
        await self._run_in_task(self._handle(notification_ids, letter_ids))

    async def sweep(self) -> int:
        """Routes all waiting notifications, then sends all waiting mails; returns how many of both."""
        return await self.route_due() + await self.send_due()

    async def route_due(self) -> int:
        """Routes all waiting notifications; returns how many."""
        return await self._run_in_task(self._route_due())

    async def send_due(self) -> int:
        """Sends all waiting mails; returns how many."""
        sent = await self._run_in_task(self._send_due())
        await self._sessions.close_idle()
        return sent

    async def close(self) -> None:
        """Finishes the mails that are being sent, releases the other claims, and closes the sessions."""
        self._is_closing = True
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=GRACE_PERIOD)
            for task in unfinished:
                task.cancel()
            if unfinished:
                log.warning("cut_off", batches=len(unfinished))
                await asyncio.wait(unfinished, timeout=CANCEL_TIMEOUT)
        await self._sessions.close_idle(idle_for=0)

    async def _run_in_task(self, work: Coroutine[None, None, int]) -> int:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _handle(self, notification_ids: Sequence[int], letter_ids: Sequence[int]) -> int:
        routed = await self._route(notification_ids) if notification_ids else 0
        return routed + await self._sender.send(partial(claim_deliveries_of, notification_ids, letter_ids))

    async def _route_due(self) -> int:
        total = 0
        while routed := await self._route():
            total += routed
        return total

    async def _send_due(self) -> int:
        if self._sessions.is_paused or not await has_due_deliveries():
            return 0
        return await self._sender.send(self._delivery_claimer.claim)

    async def _route(self, notification_ids: Sequence[int] | None = None) -> int:
        if self._is_closing:
            return 0
        if notification_ids is None:
            claims = await self._notification_claimer.claim()
        else:
            claims = await claim_notifications(notification_ids)
        await asyncio.gather(*(self._route_one(claim) for claim in claims))
        return len(claims)

    async def _route_one(self, claim: NotificationClaim) -> None:
        async with self._routing_permits:
            await route(claim, self._message_domain)
