"""The deliveries that a batch holds: renewed while it works, given back when it stops."""

import asyncio
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

import structlog

from workers.delivery import LEASE, Claim, release, renew, settle, withdraw
from workers.outcome import Outcome

log = structlog.get_logger()

RENEWAL: Final = LEASE / 3
"""Seconds between two renewals: two may fail before a lease is lost."""


class Leases:
    """Holds claims inside an `async with`; on leaving, what was neither begun nor settled is given back."""

    def __init__(self, claims: Sequence[Claim], claimed_at: float) -> None:
        """Takes over fresh claims.

        Args:
            claims: The claims.
            claimed_at: `time.monotonic()` from before they were claimed.
        """
        self._held = {claim.id: claim for claim in claims}
        self._valid_until = claimed_at + LEASE
        self._begun: set[int] = set()

    async def __aenter__(self) -> Self:
        self._renewal = asyncio.create_task(self._renew_for_ever())
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._renewal.cancel()
        await asyncio.wait([self._renewal])
        untouched = [claim for key, claim in self._held.items() if key not in self._begun]
        if untouched:
            await release(untouched)

    def holds(self, claim: Claim) -> bool:
        """Is the delivery still ours, as far as this process's own clock can tell?"""
        return claim.id in self._held and time.monotonic() < self._valid_until

    def begin(self, claim: Claim) -> None:
        """From now on nobody can tell whether the mail was sent, until it is settled or given back."""
        self._begun.add(claim.id)

    async def settle(self, claim: Claim, outcome: Outcome) -> bool:
        """Writes what came of it; answers whether it counted."""
        counted = await settle(claim, outcome)
        self._held.pop(claim.id, None)
        return counted

    async def withdraw(self, claim: Claim) -> bool:
        """Takes back a mail that is no longer true; answers whether it counted."""
        counted = await withdraw(claim)
        self._held.pop(claim.id, None)
        return counted

    def give_back(self, claim: Claim) -> None:
        """The mail was certainly not taken, and is to be tried again by whoever comes."""
        self._begun.discard(claim.id)

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL)
            asked_at = time.monotonic()
            try:
                kept = await renew(list(self._held.values()))
            except Exception:  # the lease runs out by itself, and holds() tells
                log.warning("renewal_failed", exc_info=True)
                continue
            self._held = {key: claim for key, claim in self._held.items() if key in kept}
            self._valid_until = asked_at + LEASE
