"""The line to the mail server: opened, checked, kept, and one mail at a time sent down it.

MAIL, RCPT and DATA are called apart, so that it is always known how far a mail had come when something broke off.
"""

import re
from collections.abc import Callable
from typing import Final

import aiosmtplib

from settings import Settings
from workers.outcome import SENT, Outcome, Verdict
from workers.render import Envelope

CONNECT_TIMEOUT: Final = 10.0
COMMAND_TIMEOUT: Final = 60.0
QUIT_TIMEOUT: Final = 1.0
# RFC 5321, 4.5.3.2.6: whoever gives up sooner sends mails twice.
FINAL_TIMEOUT: Final = 600.0

CLOSING: Final = 421
START_INPUT: Final = 354
COMPLETED: Final = 250
PERMANENT: Final = 500
LOGIN_CODES: Final = frozenset({530, 534, 535, 538})
LONGEST_ERROR: Final = 500


class LineError(Exception):
    """The line is of no use now; the mail, if any, was not taken."""


class UnreachableError(LineError):
    """There is no connection to the mail server, or the server is not ready to talk."""


class LoginRefusedError(LineError):
    """The mail server wants a login, or another one."""


class BrokenOffError(LineError):
    """The line broke before the final dot."""


class Line:
    """One connection to the mail server, which is opened when it is needed and can be used again after it broke."""

    def __init__(self, settings: Settings) -> None:
        password = settings.smtp_password
        self._smtp = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            timeout=CONNECT_TIMEOUT,
        )

    @property
    def is_open(self) -> bool:
        """Whether it was open when last heard of."""
        return self._smtp.is_connected

    async def ready(self) -> None:
        """Makes sure that the server listens at the other end, opening the line where it must.

        Raises:
            UnreachableError: It does not.
            LoginRefusedError: It does not let us in.
        """
        if self.is_open:
            try:
                await self._smtp.noop()
            except (aiosmtplib.SMTPException, OSError):
                self.close()
            else:
                return
        await self._open()

    async def _open(self) -> None:
        try:
            await self._smtp.connect()
            # Its first use says EHLO, so that a mail can't be blamed for a server that wants none.
            await self._smtp.noop()
        except aiosmtplib.SMTPAuthenticationError as error:
            self.close()
            refused = error.code >= PERMANENT
            raise (LoginRefusedError if refused else UnreachableError)(f"login: {error.code}") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise UnreachableError(type(error).__name__) from error

    async def send(self, envelope: Envelope, still_ours: Callable[[], bool]) -> Outcome | None:
        """Sends one mail.

        Args:
            envelope: The mail.
            still_ours: Asked just before the content goes, the last moment at which no harm is done.

        Returns:
            What came of it; None when the mail was no longer ours to send.

        Raises:
            BrokenOffError: The line broke before the final dot.
            LoginRefusedError: The server wants a login first.
        """
        try:
            await self._introduce(envelope)
        except aiosmtplib.SMTPResponseException as error:
            return await self._turned_down(error.code, error.message, envelope)
        except aiosmtplib.SMTPNotSupported:
            return Outcome(Verdict.REFUSED, "The mail server takes no address like this (SMTPUTF8).")
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            raise BrokenOffError(type(error).__name__) from error
        except ValueError:
            await self._reset()
            return Outcome(Verdict.REFUSED, "The address can't be written on an envelope.")
        if not still_ours():
            self.close()
            return None
        return await self._hand_over(envelope)

    async def _introduce(self, envelope: Envelope) -> None:
        encoding, options = "ascii", []
        if envelope.international:
            if not self._smtp.supports_extension("smtputf8"):
                raise aiosmtplib.SMTPNotSupported("SMTPUTF8")
            encoding, options = "utf-8", ["SMTPUTF8"]
        await self._smtp.mail(envelope.sender, options=options, encoding=encoding, timeout=COMMAND_TIMEOUT)
        await self._smtp.rcpt(envelope.recipient, encoding=encoding, timeout=COMMAND_TIMEOUT)
        answer = await self._smtp.execute_command(b"DATA", timeout=COMMAND_TIMEOUT)
        if answer.code != START_INPUT:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)

    async def _hand_over(self, envelope: Envelope) -> Outcome:
        protocol = self._smtp.protocol
        if protocol is None:
            raise BrokenOffError("closed")
        try:
            protocol.write(_stuffed(envelope.content))
        except aiosmtplib.SMTPServerDisconnected as error:
            raise BrokenOffError(type(error).__name__) from error
        try:
            answer = await protocol.read_response(timeout=FINAL_TIMEOUT)
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            return Outcome(Verdict.LOST, f"The connection was lost after the mail was handed over ({_name(error)}).")
        if answer.code == COMPLETED:
            return SENT
        return await self._turned_down(answer.code, answer.message, envelope)

    async def _turned_down(self, code: int, message: str, envelope: Envelope) -> Outcome:
        if code in LOGIN_CODES:
            self.close()
            raise LoginRefusedError(f"answer: {code}")
        if code == CLOSING:
            self.close()
            raise BrokenOffError(f"answer: {code}")
        await self._reset()
        verdict = Verdict.REFUSED if code >= PERMANENT else Verdict.DEFERRED
        return Outcome(verdict, _without_addresses(f"{code} {message}", envelope), code)

    async def _reset(self) -> None:
        try:
            await self._smtp.rset(timeout=COMMAND_TIMEOUT)
        except (aiosmtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        """Hangs up without a word."""
        self._smtp.close()

    async def quit(self) -> None:
        """Takes leave of the server, when it still listens."""
        try:
            if self.is_open:
                await self._smtp.quit(timeout=QUIT_TIMEOUT)
        except (aiosmtplib.SMTPException, OSError):
            pass
        finally:
            self.close()


def _stuffed(content: bytes) -> bytes:
    """The content as it follows DATA, with its final dot (RFC 5321, 4.5.2)."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _without_addresses(answer: str, envelope: Envelope) -> str:
    """The server's answer on one line; a delivery's error is kept longer than its address."""
    for address in (envelope.recipient, envelope.sender):
        answer = answer.replace(address, "…")
    return " ".join(answer.split())[:LONGEST_ERROR]


def _name(error: BaseException) -> str:
    return type(error).__name__
