"""The line to the mail server: opened, checked, kept and closed."""

import asyncio
from typing import Final, cast

import aiosmtplib

from settings import Settings
from workers.smtp.addressless import without_addresses
from workers.smtp.connecting import connected_socket
from workers.smtp.dialogue import Dialogue, LostError, Reply
from workers.smtp.line_errors import LoginRefusedError, UnreachableError

COMMAND_TIMEOUT: Final = 60.0
"""Seconds for an answer: servers look up who we are before they greet, and who is to have the mail."""
QUIT_TIMEOUT: Final = 1.0

OK: Final = 250
PERMANENT: Final = 500


class Line:
    """One connection to the mail server, which is opened when it is needed and can be used again after it broke."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._smtp: aiosmtplib.SMTP | None = None
        self._dialogue: Dialogue | None = None
        self._extensions: frozenset[str] = frozenset()

    async def _connected_client(self) -> aiosmtplib.SMTP:
        settings, password = self._settings, self._settings.smtp_password
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            sock=await connected_socket(settings.smtp_host, settings.smtp_port),
            local_hostname=settings.smtp_client_name,
            username=settings.smtp_user,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            timeout=COMMAND_TIMEOUT,
        )

    @property
    def is_open(self) -> bool:
        """Whether it was open when last heard of."""
        return self._dialogue is not None and self._dialogue.is_open

    @property
    def extensions(self) -> frozenset[str]:
        """What the server knows beyond the basics, in capitals: PIPELINING, 8BITMIME."""
        return self._extensions

    @property
    def client_name(self) -> str:
        """What we called ourselves when the line was opened; empty before."""
        return (self._smtp and self._smtp.local_hostname) or ""

    async def ready(self) -> None:
        """Makes sure that the server listens at the other end, opening the line where it must.

        Raises:
            UnreachableError: It does not.
            LoginRefusedError: It does not let us in.
        """
        if not await self._listens():
            self.close()
            await self._open()

    async def _listens(self) -> bool:
        """Is the line open, and does the server have more to say than that it takes its leave?"""
        try:
            return self.is_open and (await self.ask("NOOP")).code == OK
        except LostError:
            return False

    async def _open(self) -> None:
        try:
            # A client that was closed in the middle of something is not trusted with a second connection.
            smtp = self._smtp = await self._connected_client()
            await smtp.connect()
            # Its first use says EHLO, so that a mail can't be blamed for a server that wants none.
            await smtp.noop()
        except aiosmtplib.SMTPAuthenticationError as error:
            self.close()
            refused = error.code >= PERMANENT
            raise (LoginRefusedError if refused else UnreachableError)(f"login: {error.code}") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise UnreachableError(_explained(error)) from error
        if smtp.transport is None:
            raise UnreachableError("closed")
        self._extensions = frozenset(map(str.upper, smtp.esmtp_extensions))
        # Neither asyncio's nor uvloop's sockets and TLS lack anything of a transport, whatever the library calls it.
        self._dialogue = Dialogue.take_over(cast("asyncio.Transport", smtp.transport))

    def send(self, octets: bytes) -> None:
        """Sends commands or a mail; their replies are to be read one by one.

        Raises:
            LostError: The line is closed.
        """
        if self._dialogue is None:
            raise LostError("closed")
        self._dialogue.send(octets)

    async def reply(self, timeout: float = COMMAND_TIMEOUT) -> Reply:  # noqa: ASYNC109  # each phase has its own
        """The next reply.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            LostError: None comes.
        """
        if self._dialogue is None:
            raise LostError("closed")
        return await self._dialogue.reply(timeout)

    async def ask(self, command: str, timeout: float = COMMAND_TIMEOUT) -> Reply:  # noqa: ASYNC109  # likewise
        """Sends one command and reads its reply.

        Raises:
            LostError: The line broke.
        """
        self.send(f"{command}\r\n".encode())
        return await self.reply(timeout)

    def close(self) -> None:
        """Hangs up without a word."""
        if self._smtp is not None:
            self._smtp.close()
        self._dialogue = None

    async def quit(self) -> None:
        """Takes leave of the server, when it still listens."""
        try:
            if self.is_open:
                await self.ask("QUIT", QUIT_TIMEOUT)
        except LostError:
            pass
        finally:
            self.close()


def _explained(error: Exception) -> str:
    """What went wrong, for the operator; without the addresses that a server may quote."""
    # The library was handed a connection, and tells of its own errors that there is no port.
    cause = error.__cause__ if error.__cause__ is not None and error.__cause__.args else error
    said = without_addresses(" ".join(map(str, cause.args)))
    return f"{type(cause).__name__}: {said}" if said else type(cause).__name__
