"""Sends a batch of mails over one session: each is composed just before it is sent, and settled before the batch ends.

A batch lasts until its leases are renewed for the first time. Mails that haven't been sent by then are released: a mail
that the server is slow to accept blocks its session, but no other mail.
"""

from collections import deque
from collections.abc import Callable, Sequence

import structlog

from settings import Settings
from workers.composing.compose import UnusableAddressError, compose
from workers.composing.mail import Mail
from workers.composing.mails import read_mails
from workers.metrics import STOOD_BACK, WITHDRAWN
from workers.outbox.delivery_claims import DeliveryClaim
from workers.outbox.leases import Leases
from workers.smtp.errors import LoginRefusedError, TransactionAbortedError
from workers.smtp.outcome import Outcome, Verdict
from workers.smtp.pipeline import ClaimedMail, MailPipeline
from workers.smtp.session import SmtpSession
from workers.smtp.session_pool import SenderPausedError, SessionPool

log = structlog.get_logger()


class BatchSender:
    """Sends claimed deliveries over one session."""

    def __init__(
        self,
        settings: Settings,
        sessions: SessionPool,
        session: SmtpSession,
        is_closing: Callable[[], bool],
        on_released: Callable[[Sequence[DeliveryClaim]], None],
    ) -> None:
        """Prepares to send.

        Args:
            settings: The sender's names and addresses.
            sessions: The pool of the session.
            session: The session, ready.
            is_closing: Called before each mail: is the worker stopping?
            on_released: Called with the claims that are still held, when the others of the batch were released.
        """
        self._settings = settings
        self._sessions = sessions
        self._session = session
        self._is_closing = is_closing
        self._on_released = on_released
        self._pipeline: MailPipeline | None = None
        self._waiting: deque[DeliveryClaim] = deque()
        self._mails: dict[int, Mail] = {}

    async def send(self, claims: Sequence[DeliveryClaim], claimed_at: float) -> int:
        """Sends the mails of these claims, in order; returns how many were settled.

        Args:
            claims: Fresh claims.
            claimed_at: `time.monotonic()` from before they were claimed.

        Raises:
            SenderPausedError: The mail server became unavailable; claims that were not settled are released.
        """
        async with Leases(claims, claimed_at, self._release_waiting) as self._leases:
            self._mails = await read_mails([claim.id for claim in claims], self._settings)
            withdrawn = await self._withdraw_obsolete(claims)
            self._waiting.extend(claim for claim in claims if claim.id not in withdrawn)
            while self._waiting and not self._is_closing():
                if not self._session.is_open:
                    await self._sessions.ensure_ready(self._session)
                await self._run_pipeline()
        return self._leases.settled_count + len(withdrawn)

    async def _withdraw_obsolete(self, claims: Sequence[DeliveryClaim]) -> set[int]:
        """Withdraws mails that are no longer true; returns the ids of those withdrawn."""
        # A mail that may have been accepted already is not withdrawn but repeated, like any such mail.
        obsolete = [claim for claim in claims if self._mails[claim.id].obsolete and not claim.losses]
        if not obsolete:
            return set()
        withdrawn = await self._leases.withdraw(obsolete)
        WITHDRAWN.inc(len(withdrawn))
        log.info("deliveries_withdrawn", delivery_ids=sorted(withdrawn))
        return withdrawn

    async def _release_waiting(self) -> None:
        """Releases the claims that haven't been sent yet, so that any free session can claim them."""
        waiting = [*self._waiting]
        self._waiting.clear()
        if self._pipeline is not None and (recalled := self._pipeline.recall_following()):
            waiting.append(recalled)
        if waiting:
            await self._leases.release(waiting)
            log.info("deliveries_given_back", delivery_ids=sorted(claim.id for claim in waiting))
            self._on_released(self._leases.held)

    async def _run_pipeline(self) -> None:
        pipeline = self._pipeline = MailPipeline(self._session, self, self._leases)
        try:
            await pipeline.run()
        except LoginRefusedError as error:
            self._sessions.pause(error)
            self._defer(pipeline.current, f"The mail server asks for a login before it takes the mail ({error}).")
            raise SenderPausedError from error
        except TransactionAbortedError as error:
            self._leases.cancel_begin(pipeline.current)
            try:
                # Is the server unavailable, or did it close the connection because of this mail?
                await self._sessions.ensure_ready(self._session)
            except SenderPausedError:
                reason = f"The mail server went away before it had the mail ({error}), and did not come back at once."
                self._defer(pipeline.current, reason)
                raise
            reason = f"The mail server broke off before it had the mail ({error})."
            self._leases.record(pipeline.current, Outcome(Verdict.DEFERRED, reason))

    def _defer(self, claim: DeliveryClaim, reason: str) -> None:
        """Defers the mail during which the server was lost, so that a mail that causes this doesn't block the others.

        It counts as a failure, since the cause is unknown: a mail that causes it every time fails in the end like any
        other, and a mail that was only being sent at that moment waits a minute.
        """
        self._leases.record(claim, Outcome(Verdict.DEFERRED, reason, pause=self._sessions.remaining_pause))
        STOOD_BACK.inc()
        log.warning("delivery_stood_back", delivery_id=claim.id)

    def next_mail(self) -> ClaimedMail | None:
        """The next mail that is still held and can be composed; None when none is left, or the worker is stopping."""
        while self._waiting and not self._is_closing():
            claim = self._waiting.popleft()
            if self._leases.holds(claim) and (mail := self._compose(claim)):
                return mail
        return None

    def put_back(self, mail: ClaimedMail) -> None:
        """Returns a mail that was not sent, to be the next one again."""
        self._waiting.appendleft(mail.claim)

    def _compose(self, claim: DeliveryClaim) -> ClaimedMail | None:
        try:
            return ClaimedMail(claim, compose(self._mails[claim.id], self._settings, self._session.extensions))
        except UnusableAddressError as error:
            self._leases.record(claim, Outcome(Verdict.REFUSED, str(error)))
        except Exception:  # one mail that can't be composed must not hold up the others
            log.exception("writing_failed", delivery_id=claim.id)
            reason = "The mail could not be written; the operator's log tells why."
            self._leases.record(claim, Outcome(Verdict.DEFERRED, reason))
        return None
