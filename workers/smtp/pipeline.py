"""Sends mails over one session, one after another, with pipelining where the server offers it (RFC 2920).

With PIPELINING, the envelope of the next mail (MAIL, RCPT and DATA) is sent behind the content of the current one, so
that a mail costs one round trip. A content is sent only after every earlier reply has been read: at most one mail is
ever between its final dot and the reply to it, so that the state of every mail is known when the connection is lost.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from workers.composing.compose import MailObject
from workers.outbox.delivery_claims import DeliveryClaim
from workers.outbox.leases import Leases
from workers.smtp.envelope import read_envelope_replies, send_envelope
from workers.smtp.errors import SessionError, TransactionAbortedError
from workers.smtp.outcome import SENT, Outcome, Verdict
from workers.smtp.protocol import ConnectionLostError
from workers.smtp.replies import is_positive, rejection_outcome
from workers.smtp.session import SmtpSession

# RFC 5321, 4.5.3.2.6: a client that gives up sooner sends mails twice.
FINAL_REPLY_TIMEOUT: Final = 600.0


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """A composed mail, and the claim under which it is sent."""

    claim: DeliveryClaim
    mail_object: MailObject


class MailSource(Protocol):
    """Supplies the mails that are to be sent."""

    def next_mail(self) -> ClaimedMail | None:
        """The next mail; None when there is none, or when it is time to stop."""

    def put_back(self, mail: ClaimedMail) -> None:
        """Returns a mail that was not sent, to be the next one again."""


class MailPipeline:
    """Sends the mails of a source over a ready session, until the source is exhausted or the session is closed."""

    def __init__(self, session: SmtpSession, source: MailSource, leases: Leases) -> None:
        """Prepares to send.

        Args:
            session: The session.
            source: The mails.
            leases: Checks that the claim still holds just before the content is sent, the last moment at which sending
                can be stopped without harm; records the outcomes.
        """
        self._session = session
        self._source = source
        self._leases = leases
        self._pipelining = "PIPELINING" in session.extensions
        self._current: ClaimedMail | None = None
        self._following: ClaimedMail | None = None
        """The mail whose envelope was sent behind the content of the current one."""
        self._is_first = True
        """Whether the current mail is the first over this session."""
        self._close_after_current = False

    @property
    def current(self) -> DeliveryClaim:
        """The claim that an error of `run` is about."""
        if self._current is None:
            raise RuntimeError("Nothing was sent yet.")
        return self._current.claim

    async def run(self) -> None:
        """Sends the mails.

        Raises:
            TransactionAbortedError: The connection was lost before the server had accepted `current`, which is the
                first mail or one whose content was being sent.
            LoginRefusedError: The server requires a login first; `current` was not accepted.
        """
        try:
            while self._session.is_open and (mail := self._following or self._source.next_mail()):
                envelope_sent, self._following = self._following is not None, None
                self._current = mail
                await self._send(mail, envelope_sent=envelope_sent)
                self._is_first = False
                if self._close_after_current:
                    self._session.close()
        except SessionError:
            self._session.close()
            raise
        finally:
            if self._following is not None:
                self._source.put_back(self._following)

    def recall_following(self) -> DeliveryClaim | None:
        """Gives up the mail whose envelope was sent behind the current one's content, if there is one.

        The server will wait for its content, so the session is closed as soon as the current mail's reply is read.
        """
        recalled, self._following = self._following, None
        self._close_after_current = self._close_after_current or recalled is not None
        return recalled.claim if recalled else None

    async def _send(self, mail: ClaimedMail, *, envelope_sent: bool) -> None:
        try:
            rejection = await self._send_envelope(mail, envelope_sent=envelope_sent)
        except TransactionAbortedError:
            if self._is_first:
                raise
            # Servers may close the connection after some number of mails: this one is sent first over the next.
            self._source.put_back(mail)
            self._session.close()
            return
        if rejection is not None:
            self._leases.record(mail.claim, rejection)
            await self._reset()
        elif self._leases.begin(mail.claim):
            self._leases.record(mail.claim, await self._send_content(mail))
        else:
            # The server waits for a content that must not be sent; closing is the only way out.
            self._session.close()

    async def _send_envelope(self, mail: ClaimedMail, *, envelope_sent: bool) -> Outcome | None:
        """Has the server accept the mail's envelope; returns the outcome if it rejects it."""
        commands = mail.mail_object.envelope_commands
        try:
            if self._pipelining:
                if not envelope_sent:
                    self._session.send(b"".join(commands))
                rejection = await read_envelope_replies(self._session, commands)
            else:
                rejection = await send_envelope(self._session, commands)
        except ConnectionLostError as error:
            raise TransactionAbortedError(str(error)) from error
        return rejection_outcome(rejection) if rejection else None

    async def _send_content(self, mail: ClaimedMail) -> Outcome:
        """Sends the content and, behind it, the next envelope; returns the outcome by the reply to the final dot."""
        self._following = self._source.next_mail() if self._pipelining else None
        next_envelope = self._following.mail_object.envelope_commands if self._following else ()
        try:
            self._session.send(b"".join((mail.mail_object.dot_stuffed_content, *next_envelope)))
        except ConnectionLostError as error:
            raise TransactionAbortedError(str(error)) from error
        try:
            reply = await self._session.read_reply(FINAL_REPLY_TIMEOUT)
        except ConnectionLostError as error:
            self._session.close()
            return Outcome(Verdict.LOST, f"The connection was lost after the mail was handed over ({error}).")
        return SENT if is_positive(reply) else rejection_outcome(reply)

    async def _reset(self) -> None:
        """Has the server discard a rejected envelope."""
        try:
            await self._session.execute("RSET")
        except ConnectionLostError:
            self._session.close()
