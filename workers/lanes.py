"""Lanes: each borrows a line and sends batch after batch down it, until nothing is left to claim."""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, Final

from observing.tracing import span
from settings import Settings
from workers.batch import Batch
from workers.domains import Domains
from workers.outbox.claims import BATCH, Claim
from workers.outbox.delivery import release
from workers.smtp.connections import Connections, SenderPausedError
from workers.smtp.line import Line

LANES: Final = 3
"""Lanes at once for one question: while one waits for the database or the mail server, another writes mails."""

ClaimSome = Callable[[Collection[str]], Coroutine[Any, Any, list[Claim]]]
"""Claims a batch, given the domains that are to be passed over."""


class Lanes:
    """The lanes of one worker."""

    def __init__(
        self, settings: Settings, connections: Connections, claim_due: ClaimSome, closing: Callable[[], bool]
    ) -> None:
        """Prepares to send.

        Args:
            settings: What the mails and their sender are called, and what a domain may be sent.
            connections: Where the lines come from.
            claim_due: Claims whatever is due.
            closing: Asked before each mail: is the worker stopping?
        """
        self._settings = settings
        self._connections = connections
        self._claim_due = claim_due
        self._closing = closing
        self._turned_away = False
        self._domains = Domains(settings.mail_domain_lines, settings.mail_domain_rate)
        self._claiming = asyncio.Lock()

    async def send(self, claim_some: ClaimSome) -> int:
        """Sends until nothing is left to claim, down as many lines as there is work for; answers how many mails.

        The line comes first, so that no try is spent while the mail server is away.
        """
        lanes: list[asyncio.Task[int]] = []

        def widen() -> None:
            if sum(not lane.done() for lane in lanes) < LANES:
                lanes.append(asyncio.create_task(self._lane(claim_some, widen)))

        widen()
        try:
            # One that fails must not break off another's mail: a group of tasks would.
            while running := [lane for lane in lanes if not lane.done()]:
                await asyncio.wait(running)
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.wait(lanes)
        return sum(lane.result() for lane in lanes)

    async def _lane(self, claim_some: ClaimSome, widen: Callable[[], None]) -> int:
        sent = 0
        try:
            async with self._connections.borrow() as line:
                while not self._closing():
                    claimed_at = time.monotonic()
                    claims = await self._claim(claim_some) or await self._claim_what_was_turned_away()
                    if not claims:
                        break
                    if len(claims) == BATCH:
                        widen()
                    sent += await self._carry(line, claims, claimed_at, widen)
        except SenderPausedError:
            pass
        return sent

    async def _carry(self, line: Line, claims: list[Claim], claimed_at: float, widen: Callable[[], None]) -> int:
        """Sends a batch down a line, which carries its domains until they have gone or were given back."""
        carried = claims

        def keep(held: Sequence[Claim]) -> None:
            nonlocal carried
            self._domains.put_down(carried)
            self._domains.carry(held)
            carried = [*held]
            widen()

        try:
            with span("mails", kind="CLIENT", econtracting__mails=len(claims)):
                batch = Batch(self._settings, self._connections, line, self._closing, keep)
                return await batch.send(claims, claimed_at)
        finally:
            self._domains.put_down(carried)

    async def _claim(self, claim_some: ClaimSome) -> list[Claim]:
        """Claims what may be sent now, one lane at a time, so that no domain is promised twice."""
        while True:
            async with self._claiming:
                passed_over = self._domains.passed_over()
                claims = await claim_some(passed_over)
                admitted, excess = self._domains.take_up(claims)
            if excess:
                await release(excess)
            if admitted or not claims:
                self._turned_away |= bool(passed_over) and not claims
                return admitted

    async def _claim_what_was_turned_away(self) -> list[Claim]:
        """Claims for those who found every line of their domain taken: the one that comes free does it for them."""
        if not self._turned_away:
            return []
        self._turned_away = False
        return await self._claim(self._claim_due)
