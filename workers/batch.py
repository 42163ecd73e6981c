"""Mails that go down one line one after another, each settled before the next is begun."""

import time
from collections.abc import Callable, Sequence

import structlog

from settings import Settings
from workers.connections import Connections, SenderPausedError
from workers.contents import read_contents
from workers.delivery import Claim
from workers.leases import Leases
from workers.letters import read_letters
from workers.mail import Mail
from workers.outcome import Outcome, Verdict
from workers.render import UnusableAddressError, write
from workers.smtp import BrokenOffError, Line, LoginRefusedError

log = structlog.get_logger()


class Batch:
    """Sends claimed deliveries down one line."""

    def __init__(self, settings: Settings, connections: Connections, line: Line, closing: Callable[[], bool]) -> None:
        """Prepares to send.

        Args:
            settings: What the mails and their sender are called.
            connections: Where the line came from.
            line: The line, ready.
            closing: Asked before each mail: is the worker stopping?
        """
        self._settings = settings
        self._connections = connections
        self._line = line
        self._closing = closing

    async def send(self, claims: Sequence[Claim], claimed_at: float) -> int:
        """Sends the mails of these claims, in order; answers how many were settled.

        Args:
            claims: Fresh claims.
            claimed_at: `time.monotonic()` from before they were claimed.

        Raises:
            SenderPausedError: The mail server went away; what was not settled is given back.
        """
        settled = 0
        async with Leases(claims, claimed_at) as leases:
            mails = await self._read([claim.id for claim in claims])
            for claim in claims:
                if self._closing():
                    break
                if leases.holds(claim):
                    settled += await self._send_one(claim, mails[claim.id], leases)
        return settled

    async def _read(self, delivery_ids: Sequence[int]) -> dict[int, Mail]:
        mails = await read_contents(delivery_ids, self._settings)
        others = [key for key in delivery_ids if key not in mails]
        return mails | (await read_letters(others, self._settings) if others else {})

    async def _send_one(self, claim: Claim, mail: Mail, leases: Leases) -> bool:
        # One that may have been taken already is not called back: it comes once more, as any such mail does.
        if mail.moot and not claim.losses:
            counted = await leases.withdraw(claim)
            log.info("delivery_withdrawn", delivery_id=claim.id, **mail.about, counted=counted)
            return counted
        begun = time.monotonic()
        outcome = await self._outcome(claim, mail, leases)
        if outcome is None:
            return False
        counted = await leases.settle(claim, outcome)
        log.info(
            "delivery_settled" if counted else "delivery_overtaken",
            delivery_id=claim.id,
            **mail.about,
            attempt=claim.attempt,
            verdict=outcome.verdict,
            code=outcome.code,
            milliseconds=round((time.monotonic() - begun) * 1000),
        )
        return counted

    async def _outcome(self, claim: Claim, mail: Mail, leases: Leases) -> Outcome | None:
        try:
            envelope = write(mail, self._settings)
        except UnusableAddressError as error:
            return Outcome(Verdict.REFUSED, str(error))
        except Exception:  # one mail that can't be written must not hold up the others
            log.exception("writing_failed", delivery_id=claim.id)
            return Outcome(Verdict.DEFERRED, "The mail could not be written; the operator's log tells why.")
        leases.begin(claim)
        try:
            return await self._line.send(envelope, lambda: leases.holds(claim))
        except LoginRefusedError as error:
            leases.give_back(claim)
            self._connections.pause(error)
            raise SenderPausedError from error
        except BrokenOffError as error:
            leases.give_back(claim)
            # Is the server gone, which is no mail's fault, or did it hang up on this mail?
            await self._connections.mend(self._line)
            leases.begin(claim)
            return Outcome(Verdict.DEFERRED, f"The mail server broke off before it had the mail ({error}).")
