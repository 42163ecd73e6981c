"""Mails that go down one line one after another, written when their turn comes, and settled as they go.

A batch lasts until its leases are renewed for the first time. What has not gone by then is given back: a mail that the
server is slow to take keeps its line, and no other mail.
"""

from collections import deque
from collections.abc import Callable, Sequence

import structlog

from settings import Settings
from workers.metrics import STOOD_BACK, WITHDRAWN
from workers.outbox.claims import Claim
from workers.outbox.leases import Leases
from workers.smtp.connections import Connections, SenderPausedError
from workers.smtp.line import Line
from workers.smtp.line_errors import BrokenOffError, LoginRefusedError
from workers.smtp.outcome import Outcome, Verdict
from workers.smtp.passage import Dispatch, Passage
from workers.writing.mail import Mail
from workers.writing.mails import read_mails
from workers.writing.render import UnusableAddressError, write

log = structlog.get_logger()


class Batch:
    """Sends claimed deliveries down one line."""

    def __init__(
        self,
        settings: Settings,
        connections: Connections,
        line: Line,
        closing: Callable[[], bool],
        on_given_back: Callable[[Sequence[Claim]], None],
    ) -> None:
        """Prepares to send.

        Args:
            settings: What the mails and their sender are called.
            connections: Where the line came from.
            line: The line, ready.
            closing: Asked before each mail: is the worker stopping?
            on_given_back: Told what the line goes on with, when the other mails of the batch were given back.
        """
        self._settings = settings
        self._connections = connections
        self._line = line
        self._closing = closing
        self._on_given_back = on_given_back
        self._passage: Passage | None = None
        self._waiting: deque[Claim] = deque()
        self._mails: dict[int, Mail] = {}

    async def send(self, claims: Sequence[Claim], claimed_at: float) -> int:
        """Sends the mails of these claims, in order; answers how many were settled.

        Args:
            claims: Fresh claims.
            claimed_at: `time.monotonic()` from before they were claimed.

        Raises:
            SenderPausedError: The mail server went away; what was not settled is given back.
        """
        async with Leases(claims, claimed_at, self._let_go) as self._leases:
            self._mails = await read_mails([claim.id for claim in claims], self._settings)
            withdrawn = await self._withdraw(claims)
            self._waiting.extend(claim for claim in claims if claim.id not in withdrawn)
            while self._waiting and not self._closing():
                if not self._line.is_open:
                    await self._connections.mend(self._line)
                await self._pass()
        return self._leases.counted + len(withdrawn)

    async def _withdraw(self, claims: Sequence[Claim]) -> set[int]:
        """Takes back what is no longer true; answers the keys of what was taken back."""
        # One that may have been taken already is not called back: it comes once more, as any such mail does.
        moot = [claim for claim in claims if self._mails[claim.id].moot and not claim.losses]
        if not moot:
            return set()
        withdrawn = await self._leases.withdraw(moot)
        WITHDRAWN.inc(len(withdrawn))
        log.info("deliveries_withdrawn", delivery_ids=sorted(withdrawn))
        return withdrawn

    async def _let_go(self) -> None:
        """Gives back what has not gone by now, for whichever line is free."""
        waiting = [*self._waiting]
        self._waiting.clear()
        if self._passage is not None and (recalled := self._passage.recall()):
            waiting.append(recalled)
        if waiting:
            await self._leases.give_back(waiting)
            log.info("deliveries_given_back", delivery_ids=sorted(claim.id for claim in waiting))
            self._on_given_back(self._leases.held)

    async def _pass(self) -> None:
        passage = self._passage = Passage(self._line, self, self._leases)
        try:
            await passage.run()
        except LoginRefusedError as error:
            self._connections.pause(error)
            self._stand_back(passage.current, f"The mail server asks for a login before it takes the mail ({error}).")
            raise SenderPausedError from error
        except BrokenOffError as error:
            self._leases.forget_begun(passage.current)
            try:
                # Is the server gone, which is no mail's fault, or did it hang up on this mail?
                await self._connections.mend(self._line)
            except SenderPausedError:
                lost = f"The mail server went away before it had the mail ({error}), and did not come back at once."
                self._stand_back(passage.current, lost)
                raise
            broken = f"The mail server broke off before it had the mail ({error})."
            self._leases.note(passage.current, Outcome(Verdict.DEFERRED, broken))

    def _stand_back(self, claim: Claim, reason: str) -> None:
        """Lets the others go first: a server that can't bear this mail would otherwise be lost over it for ever.

        It has cost the mail a try, since nobody can tell whose fault it was: the one that the server is lost over each
        time comes to an end like any other that it doesn't take, and one that only was in hand waits a minute.
        """
        self._leases.note(claim, Outcome(Verdict.DEFERRED, reason, pause=self._connections.pause_left))
        STOOD_BACK.inc()
        log.warning("delivery_stood_back", delivery_id=claim.id)

    def take(self) -> Dispatch | None:
        """The next mail that is still ours and can be written; None when none is left, or the worker is stopping."""
        while self._waiting and not self._closing():
            claim = self._waiting.popleft()
            if self._leases.holds(claim) and (mail := self._written(claim)):
                return mail
        return None

    def put_back(self, mail: Dispatch) -> None:
        """It did not go, and comes first again."""
        self._waiting.appendleft(mail.claim)

    def _written(self, claim: Claim) -> Dispatch | None:
        try:
            return Dispatch(claim, write(self._mails[claim.id], self._settings, self._line.extensions))
        except UnusableAddressError as error:
            self._leases.note(claim, Outcome(Verdict.REFUSED, str(error)))
        except Exception:  # one mail that can't be written must not hold up the others
            log.exception("writing_failed", delivery_id=claim.id)
            reason = "The mail could not be written; the operator's log tells why."
            self._leases.note(claim, Outcome(Verdict.DEFERRED, reason))
        return None
