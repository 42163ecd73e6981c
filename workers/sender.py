"""Sends claimed mails, batch after batch, over several sessions at once."""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, Final

from observing.tracing import span
from settings import Settings
from workers.batch_sender import BatchSender
from workers.domain_limits import DomainLimits
from workers.outbox.claimed_deliveries import release
from workers.outbox.delivery_claims import BATCH_SIZE, DeliveryClaim
from workers.smtp.session import SmtpSession
from workers.smtp.session_pool import SenderPausedError, SessionPool

MAX_LANES: Final = 3
"""The maximum number of concurrent lanes: while one waits for the database or the server, another composes mails."""

ClaimBatch = Callable[[Collection[str]], Coroutine[Any, Any, list[DeliveryClaim]]]
"""Claims a batch, given the domains that are excluded."""


class Sender:
    """Sends the mails of one worker; each lane holds a session and sends batches until nothing is left to claim."""

    def __init__(
        self, settings: Settings, sessions: SessionPool, claim_due: ClaimBatch, is_closing: Callable[[], bool]
    ) -> None:
        """Prepares to send.

        Args:
            settings: The sender's names and addresses, and the limits of a domain.
            sessions: The sessions with the mail server.
            claim_due: Claims any mails that are due.
            is_closing: Called before each mail: is the worker stopping?
        """
        self._settings = settings
        self._sessions = sessions
        self._claim_due = claim_due
        self._is_closing = is_closing
        self._domain_limits = DomainLimits(settings.mail_domain_lines, settings.mail_domain_rate)
        self._claim_lock = asyncio.Lock()
        self._has_excluded_work = False
        """Whether a lane found nothing to claim while domains were excluded."""

    async def send(self, claim_batch: ClaimBatch) -> int:
        """Sends until nothing is left to claim, in as many lanes as there is work for; returns how many mails.

        The session is acquired before the claim, so that no attempt is spent while the mail server is unavailable.
        """
        lanes: list[asyncio.Task[int]] = []

        def add_lane() -> None:
            if sum(not lane.done() for lane in lanes) < MAX_LANES:
                lanes.append(asyncio.create_task(self._run_lane(claim_batch, add_lane)))

        add_lane()
        try:
            # Not a task group, which would cancel the mails of the other lanes when one fails.
            while running := [lane for lane in lanes if not lane.done()]:
                await asyncio.wait(running)
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.wait(lanes)
        return sum(lane.result() for lane in lanes)

    async def _run_lane(self, claim_batch: ClaimBatch, add_lane: Callable[[], None]) -> int:
        sent = 0
        try:
            async with self._sessions.acquire() as session:
                while not self._is_closing():
                    claimed_at = time.monotonic()
                    claims = await self._claim(claim_batch) or await self._claim_excluded_work()
                    if not claims:
                        break
                    if len(claims) == BATCH_SIZE:
                        add_lane()
                    sent += await self._send_batch(session, claims, claimed_at, add_lane)
        except SenderPausedError:
            pass
        return sent

    async def _send_batch(
        self, session: SmtpSession, claims: list[DeliveryClaim], claimed_at: float, add_lane: Callable[[], None]
    ) -> int:
        """Sends a batch over a session, which occupies the batch's domains until their mails are sent or released."""
        occupying = claims

        def on_released(held: Sequence[DeliveryClaim]) -> None:
            nonlocal occupying
            self._domain_limits.vacate(occupying)
            self._domain_limits.occupy(held)
            occupying = [*held]
            add_lane()

        try:
            with span("mails", kind="CLIENT", econtracting__mails=len(claims)):
                batch = BatchSender(self._settings, self._sessions, session, self._is_closing, on_released)
                return await batch.send(claims, claimed_at)
        finally:
            self._domain_limits.vacate(occupying)

    async def _claim(self, claim_batch: ClaimBatch) -> list[DeliveryClaim]:
        """Claims mails that may be sent now, one lane at a time, so that a domain's capacity isn't exceeded."""
        while True:
            async with self._claim_lock:
                excluded_domains = self._domain_limits.exhausted()
                claims = await claim_batch(excluded_domains)
                admitted, excess = self._domain_limits.admit(claims)
            if excess:
                await release(excess)
            if admitted or not claims:
                self._has_excluded_work |= bool(excluded_domains) and not claims
                return admitted

    async def _claim_excluded_work(self) -> list[DeliveryClaim]:
        """Claims mails whose domains were exhausted when other lanes ended; the lane that frees capacity sends them."""
        if not self._has_excluded_work:
            return []
        self._has_excluded_work = False
        return await self._claim(self._claim_due)
