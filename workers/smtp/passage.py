"""Mails on their way down one line, one after another.

Where the server offers PIPELINING (RFC 2920), MAIL, RCPT and DATA travel together, behind the content of the mail
before, so that a mail costs one round trip. A content is sent only when every answer before it has been read: so one
mail at most is ever between its final dot and the answer to it, and how far each had come is known whatever breaks off.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from workers.outbox.claims import Claim
from workers.outbox.leases import Leases
from workers.smtp.answers import is_positive, turned_down
from workers.smtp.dialogue import LostError
from workers.smtp.introduction import answered_one_by_one, answered_together
from workers.smtp.line import Line
from workers.smtp.line_errors import BrokenOffError, LineError
from workers.smtp.outcome import SENT, Outcome, Verdict
from workers.writing.render import Envelope

# RFC 5321, 4.5.3.2.6: whoever gives up sooner sends mails twice.
FINAL_TIMEOUT: Final = 600.0


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A mail that is written, and the claim that it is sent under."""

    claim: Claim
    envelope: Envelope


class Pile(Protocol):
    """The mails that are to go down a line."""

    def take(self) -> Dispatch | None:
        """The next one; None when there is none, or when it is time to stop."""

    def put_back(self, mail: Dispatch) -> None:
        """It did not go, and comes first again."""


class Passage:
    """Sends a pile's mails down a line that is ready, until the pile is used up or the line is closed."""

    def __init__(self, line: Line, pile: Pile, leases: Leases) -> None:
        """Prepares to send.

        Args:
            line: The line.
            pile: The mails.
            leases: Asked just before a content goes, the last moment at which no harm is done, whether the mail is
                still ours; told what came of it.
        """
        self._line = line
        self._pile = pile
        self._leases = leases
        self._together = "PIPELINING" in line.extensions
        self._announced: Dispatch | None = None
        self._current: Dispatch | None = None
        self._alone = True
        """Whether the current mail is the first on its way."""
        self._spent = False
        """Whether the line can carry nothing after the current mail."""

    @property
    def current(self) -> Claim:
        """The claim that an error of `run` is about."""
        if self._current is None:
            raise RuntimeError("Nothing was sent yet.")
        return self._current.claim

    async def run(self) -> None:
        """Sends.

        Raises:
            BrokenOffError: The line broke before the server had `current`, the first mail or one that was handed over.
            LoginRefusedError: The server wants a login first; `current` was not taken.
        """
        try:
            while self._line.is_open and (mail := self._announced or self._pile.take()):
                announced, self._announced = self._announced is not None, None
                self._current = mail
                await self._send(mail, announced=announced)
                self._alone = False
                if self._spent:
                    self._line.close()
        except LineError:
            self._line.close()
            raise
        finally:
            if self._announced is not None:
                self._pile.put_back(self._announced)

    def recall(self) -> Claim | None:
        """Takes back the mail whose envelope went behind the current one's content, if one did.

        The server will wait for its content, so the line is closed as soon as the current mail is answered.
        """
        recalled, self._announced = self._announced, None
        self._spent = self._spent or recalled is not None
        return recalled.claim if recalled else None

    async def _send(self, mail: Dispatch, *, announced: bool) -> None:
        try:
            refused = await self._introduce(mail, announced=announced)
        except BrokenOffError:
            if self._alone:
                raise
            # After so many mails a server may hang up on any: this one comes first down the next line.
            self._pile.put_back(mail)
            self._line.close()
            return
        if refused is not None:
            self._leases.note(mail.claim, refused)
            await self._reset()
        elif self._leases.begin(mail.claim):
            self._leases.note(mail.claim, await self._hand_over(mail))
        else:
            # The server waits for a content that must not come: there is no other way out of that.
            self._line.close()

    async def _introduce(self, mail: Dispatch, *, announced: bool) -> Outcome | None:
        """Has the mail's envelope taken; answers what comes of it where it is not."""
        commands = mail.envelope.commands
        try:
            if self._together:
                if not announced:
                    self._line.send(b"".join(commands))
                refusal = await answered_together(self._line, commands)
            else:
                refusal = await answered_one_by_one(self._line, commands)
        except LostError as error:
            raise BrokenOffError(str(error)) from error
        return turned_down(refusal) if refusal else None

    async def _hand_over(self, mail: Dispatch) -> Outcome:
        """Sends the content, and behind it the next envelope; answers what the server said to the final dot."""
        self._announced = self._pile.take() if self._together else None
        behind = self._announced.envelope.commands if self._announced else ()
        try:
            self._line.send(b"".join((mail.envelope.stuffed, *behind)))
        except LostError as error:
            raise BrokenOffError(str(error)) from error
        try:
            reply = await self._line.reply(FINAL_TIMEOUT)
        except LostError as error:
            self._line.close()
            return Outcome(Verdict.LOST, f"The connection was lost after the mail was handed over ({error}).")
        return SENT if is_positive(reply) else turned_down(reply)

    async def _reset(self) -> None:
        """Has the server forget a refused envelope."""
        try:
            await self._line.ask("RSET")
        except LostError:
            self._line.close()
