"""The deliveries that a batch holds: renewed while it works, settled as it goes, given back when it stops."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Final, Self

import structlog

from observing.tracing import past_span
from settings import settings
from workers.outbox.claims import Claim
from workers.outbox.delivery import release, renew, withdraw
from workers.outbox.ledger import Ledger
from workers.smtp.outcome import Outcome

log = structlog.get_logger()

RENEWALS: Final = 3
"""How often a lease is renewed while it lasts: all but one may fail before it is lost."""


async def _nothing() -> None:
    """Does nothing."""


class Leases:
    """Holds claims inside an `async with`; on leaving, what was neither begun nor settled is given back."""

    def __init__(
        self, claims: Sequence[Claim], claimed_at: float, before_renewal: Callable[[], Awaitable[None]] = _nothing
    ) -> None:
        """Takes over fresh claims.

        Args:
            claims: The claims.
            claimed_at: `time.monotonic()` from before they were claimed.
            before_renewal: Called before each renewal; may give back claims that need not be held longer.
        """
        self._held = {claim.id: claim for claim in claims}
        self._lasting = settings().mail_lease_seconds
        self._valid_until = claimed_at + self._lasting
        self._before_renewal = before_renewal
        self._begun: dict[int, int] = {}
        self._turn = asyncio.Lock()
        self._ledger = Ledger(self._forget, self._turn)

    async def __aenter__(self) -> Self:
        self._renewal = asyncio.create_task(self._renew_for_ever())
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            await self._ledger.balanced()
            async with self._turn:
                pass  # what the renewal has begun to write is written
        finally:
            self._renewal.cancel()
            await asyncio.wait([self._renewal])
        untouched = [claim for key, claim in self._held.items() if key not in self._begun]
        if untouched:
            await release(untouched)

    @property
    def held(self) -> list[Claim]:
        """What was neither settled nor given back."""
        return [*self._held.values()]

    @property
    def counted(self) -> int:
        """How many tries stand in the outbox with what came of them."""
        return self._ledger.counted

    def holds(self, claim: Claim) -> bool:
        """Is the delivery still ours, as far as this process's own clock can tell?"""
        return claim.id in self._held and time.monotonic() < self._valid_until

    def begin(self, claim: Claim) -> bool:
        """May its content go now? If so, from now on nobody can tell whether it was sent, until that is noted."""
        if not self.holds(claim):
            return False
        self._begun[claim.id] = time.time_ns()
        return True

    def note(self, claim: Claim, outcome: Outcome) -> None:
        """Has what came of the try written."""
        began = self._begun.setdefault(claim.id, time.time_ns())
        past_span(
            "mail",
            began,
            econtracting__delivery=claim.id,
            econtracting__attempt=claim.attempt,
            econtracting__outcome=outcome.verdict.value,
            econtracting__code=outcome.code,
        )
        self._ledger.note(claim, outcome)

    async def withdraw(self, claims: Sequence[Claim]) -> set[int]:
        """Takes back mails that are no longer true; answers the keys of those that counted."""
        async with self._turn:
            counted = await withdraw(claims)
        for claim in claims:
            self._forget(claim)
        return counted

    async def give_back(self, claims: Sequence[Claim]) -> None:
        """Gives back claims that were not begun, for anyone to claim."""
        async with self._turn:
            for claim in claims:
                # Should the next line fail, their leases run out.
                self._forget(claim)
            await release(claims)

    def forget_begun(self, claim: Claim) -> None:
        """The mail was certainly not taken: unless something is noted of it, it is given back in the end."""
        self._begun.pop(claim.id, None)

    def _forget(self, claim: Claim) -> None:
        self._held.pop(claim.id, None)

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._lasting / RENEWALS)
            asked_at = time.monotonic()
            try:
                await self._before_renewal()
                async with self._turn:
                    held = self.held
                    renewed = await renew(held, self._lasting)
            except Exception:  # the lease runs out by itself, and holds() tells
                log.warning("renewal_failed", exc_info=True)
                continue
            lost = {claim.id for claim in held} - renewed
            self._held = {key: claim for key, claim in self._held.items() if key not in lost}
            self._valid_until = asked_at + self._lasting
