"""Writes the outcomes of a batch's attempts to the outbox, while more mails are sent."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from workers.outbox.claimed_deliveries import SettledDelivery, Settlement, settle
from workers.outbox.delivery_claims import DeliveryClaim
from workers.outbox.outcome_metrics import count_outcome
from workers.smtp.outcome import Outcome, Verdict

log = structlog.get_logger()

FLUSH_SIZE: Final = 25
"""The number of pending outcomes at which they are written at once; several take hardly longer than one."""
FLUSH_DELAY: Final = 0.1
"""The maximum number of seconds that an outcome waits for others."""
RETRY_DELAY: Final = 0.2
"""Seconds between two attempts to write while the database is unavailable."""


class OutcomeWriter:
    """Writes outcomes in small batches, soon after they are recorded, and at once when it is flushed."""

    def __init__(self, on_written: Callable[[DeliveryClaim], None], write_lock: asyncio.Lock) -> None:
        """Begins without any outcomes.

        Args:
            on_written: Called with each claim once its outcome was written, or another worker had taken it over.
            write_lock: Held while writing, so that two statements never lock the same rows in different orders.
        """
        self._on_written = on_written
        self._write_lock = write_lock
        self._pending: list[Settlement] = []
        self._writing: asyncio.Task[None] | None = None
        self._flush_now = asyncio.Event()
        self.settled_count = 0
        """Outcomes that were written."""

    def record(self, claim: DeliveryClaim, outcome: Outcome) -> None:
        """Records an outcome, to be written soon."""
        self._pending.append(Settlement(claim, outcome))
        if len(self._pending) >= FLUSH_SIZE:
            self._flush_now.set()
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_pending())

    async def flush(self) -> None:
        """Waits until all outcomes that were recorded are written."""
        if self._writing is not None:
            self._flush_now.set()
            # Cancelling the caller must not cancel the writing.
            await asyncio.wait([self._writing])

    async def _write_pending(self) -> None:
        try:
            while self._pending:
                await self._wait_for_more()
                settlements, self._pending = self._pending, []
                self._report(settlements, await self._settle(settlements))
        finally:
            self._writing = None

    async def _wait_for_more(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_DELAY):
                await self._flush_now.wait()
        self._flush_now.clear()

    async def _settle(self, settlements: list[Settlement]) -> dict[int, SettledDelivery]:
        """Writes outcomes, retrying until it succeeds: if they were lost, mails would be sent twice."""
        failing = False
        while True:
            try:
                async with self._write_lock:
                    return await settle(settlements)
            except Exception:  # the database is unavailable; the fence decides later whether the claim still holds
                if not failing:
                    log.warning("settling_failed", exc_info=True)
                failing = True
            await asyncio.sleep(RETRY_DELAY)

    def _report(self, settlements: list[Settlement], settled: dict[int, SettledDelivery]) -> None:
        self.settled_count += len(settled)
        sent = []
        for claim, outcome in settlements:
            self._on_written(claim)
            count_outcome(claim, outcome, settled.get(claim.id))
            if outcome.verdict is Verdict.SENT and claim.id in settled:
                sent.append(claim.id)
                continue
            log.info(
                "delivery_settled" if claim.id in settled else "delivery_overtaken",
                delivery_id=claim.id,
                attempt=claim.attempt,
                verdict=outcome.verdict,
                code=outcome.code,
            )
        if sent:
            log.info("deliveries_sent", delivery_ids=sent)
