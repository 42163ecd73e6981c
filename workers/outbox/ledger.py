"""What came of the tries of a batch, written to the outbox while the batch goes on."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from workers.outbox.claims import Claim
from workers.outbox.counting import count
from workers.outbox.delivery import Settlement, Written, settle
from workers.smtp.outcome import Outcome, Verdict

log = structlog.get_logger()

TOGETHER: Final = 25
"""Mails whose outcomes are written at once, while more are sent: they cost hardly more than one."""
BREATH: Final = 0.1
"""Seconds that an outcome waits for others at most."""
AGAIN_AFTER: Final = 0.2
"""Seconds between two attempts to write while the database is away."""


class Ledger:
    """Writes what came of tries: a few together, soon, and at once when nothing more is sent."""

    def __init__(self, written: Callable[[Claim], None], turn: asyncio.Lock) -> None:
        """Opens an empty ledger.

        Args:
            written: Told of each claim once what came of it stands in the outbox, or was overtaken.
            turn: Held while writing, so that two statements never lock the same rows in different orders.
        """
        self._written = written
        self._turn = turn
        self._noted: list[Settlement] = []
        self._writing: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self.counted = 0
        """Settlements that stand in the outbox."""

    def note(self, claim: Claim, outcome: Outcome) -> None:
        """Has what came of a try written soon."""
        self._noted.append(Settlement(claim, outcome))
        if len(self._noted) >= TOGETHER:
            self._hurry.set()
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def balanced(self) -> None:
        """Waits until everything that was noted is written."""
        if self._writing is not None:
            self._hurry.set()
            # Whoever is cancelled while waiting must not take the writing along.
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        try:
            while self._noted:
                await self._breathe()
                settlements, self._noted = self._noted, []
                self._tell(settlements, await self._settled(settlements))
        finally:
            self._writing = None

    async def _breathe(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(BREATH):
                await self._hurry.wait()
        self._hurry.clear()

    async def _settled(self, settlements: list[Settlement]) -> dict[int, Written]:
        """Writes until it is written: whoever forgets that a mail was sent sends it twice."""
        failing = False
        while True:
            try:
                async with self._turn:
                    return await settle(settlements)
            except Exception:  # a database that is away; the fence tells later whether it still counts
                if not failing:
                    log.warning("settling_failed", exc_info=True)
                failing = True
            await asyncio.sleep(AGAIN_AFTER)

    def _tell(self, settlements: list[Settlement], counted: dict[int, Written]) -> None:
        self.counted += len(counted)
        sent = []
        for claim, outcome in settlements:
            self._written(claim)
            count(claim, outcome, counted.get(claim.id))
            if outcome.verdict is Verdict.SENT and claim.id in counted:
                sent.append(claim.id)
                continue
            log.info(
                "delivery_settled" if claim.id in counted else "delivery_overtaken",
                delivery_id=claim.id,
                attempt=claim.attempt,
                verdict=outcome.verdict,
                code=outcome.code,
            )
        if sent:
            log.info("deliveries_sent", delivery_ids=sent)
