"""The leases of a batch: renewed while it is sent, settled one by one, and released when it stops."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Final, Self

import structlog

from observing.tracing import record_span
from settings import settings
from workers.outbox.claimed_deliveries import release, renew, withdraw
from workers.outbox.delivery_claims import DeliveryClaim
from workers.outbox.outcome_writer import OutcomeWriter
from workers.smtp.outcome import Outcome

log = structlog.get_logger()

RENEWALS: Final = 3
"""How often a lease is renewed during its duration; it is only lost if all of these fail."""


async def _do_nothing() -> None:
    """Does nothing."""


class Leases:
    """Holds claims inside an `async with`; on leaving, those that were neither begun nor settled are released."""

    def __init__(
        self,
        claims: Sequence[DeliveryClaim],
        claimed_at: float,
        before_renewal: Callable[[], Awaitable[None]] = _do_nothing,
    ) -> None:
        """Takes over fresh claims.

        Args:
            claims: The claims.
            claimed_at: `time.monotonic()` from before they were claimed.
            before_renewal: Called before each renewal; may release claims that are no longer needed.
        """
        self._held = {claim.id: claim for claim in claims}
        self._duration = settings().mail_lease_seconds
        self._valid_until = claimed_at + self._duration
        self._before_renewal = before_renewal
        self._begun_at: dict[int, int] = {}
        self._write_lock = asyncio.Lock()
        self._outcome_writer = OutcomeWriter(self._forget, self._write_lock)

    async def __aenter__(self) -> Self:
        self._renewal = asyncio.create_task(self._renew_forever())
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        try:
            await self._outcome_writer.flush()
            async with self._write_lock:
                pass  # waits for a renewal that is being written
        finally:
            self._renewal.cancel()
            await asyncio.wait([self._renewal])
        not_begun = [claim for delivery_id, claim in self._held.items() if delivery_id not in self._begun_at]
        if not_begun:
            await release(not_begun)

    @property
    def held(self) -> list[DeliveryClaim]:
        """The claims that were neither settled nor released."""
        return [*self._held.values()]

    @property
    def settled_count(self) -> int:
        """How many outcomes were written."""
        return self._outcome_writer.settled_count

    def holds(self, claim: DeliveryClaim) -> bool:
        """Is the claim still held, by the clock of this process?"""
        return claim.id in self._held and time.monotonic() < self._valid_until

    def begin(self, claim: DeliveryClaim) -> bool:
        """Begins to send the mail's content if the claim still holds; returns whether it does.

        The mail then counts as possibly sent until an outcome is recorded.
        """
        if not self.holds(claim):
            return False
        self._begun_at[claim.id] = time.time_ns()
        return True

    def cancel_begin(self, claim: DeliveryClaim) -> None:
        """Takes a beginning back: the mail was not accepted. Without an outcome, its claim is released in the end."""
        self._begun_at.pop(claim.id, None)

    def record(self, claim: DeliveryClaim, outcome: Outcome) -> None:
        """Records the outcome of an attempt, to be written soon."""
        began_at = self._begun_at.setdefault(claim.id, time.time_ns())
        record_span(
            "mail",
            began_at,
            econtracting__delivery=claim.id,
            econtracting__attempt=claim.attempt,
            econtracting__outcome=outcome.verdict.value,
            econtracting__code=outcome.code,
        )
        self._outcome_writer.record(claim, outcome)

    async def withdraw(self, claims: Sequence[DeliveryClaim]) -> set[int]:
        """Withdraws mails that are no longer true; returns the ids of those that were still held."""
        async with self._write_lock:
            withdrawn = await withdraw(claims)
        for claim in claims:
            self._forget(claim)
        return withdrawn

    async def release(self, claims: Sequence[DeliveryClaim]) -> None:
        """Releases claims that were not begun, for any worker to claim."""
        async with self._write_lock:
            for claim in claims:
                # If the statement fails, their leases expire.
                self._forget(claim)
            await release(claims)

    def _forget(self, claim: DeliveryClaim) -> None:
        self._held.pop(claim.id, None)

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(self._duration / RENEWALS)
            renewed_at = time.monotonic()
            try:
                await self._before_renewal()
                async with self._write_lock:
                    claims = self.held
                    renewed = await renew(claims, self._duration)
            except Exception:  # the leases expire by themselves, which `holds` takes into account
                log.warning("renewal_failed", exc_info=True)
                continue
            lost = {claim.id for claim in claims} - renewed
            self._held = {delivery_id: claim for delivery_id, claim in self._held.items() if delivery_id not in lost}
            self._valid_until = renewed_at + self._duration
