"""A session with the mail server: opened, checked, reused and closed."""

import asyncio
from typing import Final, cast

import aiosmtplib

from settings import Settings
from workers.smtp.address_redaction import redact_addresses
from workers.smtp.errors import LoginRefusedError, UnreachableError
from workers.smtp.protocol import ConnectionLostError, Reply, SmtpProtocol
from workers.smtp.sockets import open_socket

COMMAND_TIMEOUT: Final = 60.0
"""Seconds for a reply: servers look up the client before the greeting, and recipients before accepting them."""
QUIT_TIMEOUT: Final = 1.0

OK: Final = 250
PERMANENT_FAILURE: Final = 500
"""The lowest reply code that is a permanent failure (RFC 5321, 4.2.1)."""


class SmtpSession:
    """A session with the mail server, connected on demand; after its connection was lost it can be opened again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None
        self._protocol: SmtpProtocol | None = None
        self._extensions: frozenset[str] = frozenset()

    async def _connected_client(self) -> aiosmtplib.SMTP:
        settings, password = self._settings, self._settings.smtp_password
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            sock=await open_socket(settings.smtp_host, settings.smtp_port),
            local_hostname=settings.smtp_client_name,
            username=settings.smtp_user,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            timeout=COMMAND_TIMEOUT,
        )

    @property
    def is_open(self) -> bool:
        """Whether the connection is open, as far as known."""
        return self._protocol is not None and self._protocol.is_open

    @property
    def extensions(self) -> frozenset[str]:
        """The extensions that the server offers, in capitals: PIPELINING, 8BITMIME."""
        return self._extensions

    @property
    def client_name(self) -> str:
        """The name given with EHLO when the session was opened; empty before."""
        return (self._client and self._client.local_hostname) or ""

    async def ensure_ready(self) -> None:
        """Makes sure that the server responds, opening the session if need be.

        Raises:
            UnreachableError: The server can't be reached.
            LoginRefusedError: The server refuses the login.
        """
        if not await self._responds():
            self.close()
            await self._open()

    async def _responds(self) -> bool:
        """Is the session open, and does the server reply with anything but that it is closing the connection?"""
        try:
            return self.is_open and (await self.execute("NOOP")).code == OK
        except ConnectionLostError:
            return False

    async def _open(self) -> None:
        try:
            # A new client for each connection: one that was closed during a command isn't reusable.
            client = self._client = await self._connected_client()
            await client.connect()
            # The first command sends EHLO first; a server that refuses it must not count against a mail.
            await client.noop()
        except aiosmtplib.SMTPAuthenticationError as error:
            self.close()
            permanent = error.code >= PERMANENT_FAILURE
            raise (LoginRefusedError if permanent else UnreachableError)(f"login: {error.code}") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise UnreachableError(_describe_error(error)) from error
        if client.transport is None:
            raise UnreachableError("closed")
        self._extensions = frozenset(map(str.upper, client.esmtp_extensions))
        # The transports of asyncio and uvloop are full transports, whatever the library's type is.
        self._protocol = SmtpProtocol.take_over(cast("asyncio.Transport", client.transport))

    def send(self, octets: bytes) -> None:
        """Sends commands or a mail; each reply must be read with `read_reply`.

        Raises:
            ConnectionLostError: The session is closed.
        """
        if self._protocol is None:
            raise ConnectionLostError("closed")
        self._protocol.send(octets)

    async def read_reply(self, timeout: float = COMMAND_TIMEOUT) -> Reply:  # noqa: ASYNC109  # each phase has its own
        """The next reply.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            ConnectionLostError: No reply came.
        """
        if self._protocol is None:
            raise ConnectionLostError("closed")
        return await self._protocol.read_reply(timeout)

    async def execute(self, command: str, timeout: float = COMMAND_TIMEOUT) -> Reply:  # noqa: ASYNC109  # likewise
        """Sends one command and reads its reply.

        Raises:
            ConnectionLostError: The connection was lost.
        """
        self.send(f"{command}\r\n".encode())
        return await self.read_reply(timeout)

    def close(self) -> None:
        """Closes the connection without QUIT."""
        if self._client is not None:
            self._client.close()
        self._protocol = None

    async def quit(self) -> None:
        """Sends QUIT if the session is open, and closes the connection."""
        try:
            if self.is_open:
                await self.execute("QUIT", QUIT_TIMEOUT)
        except ConnectionLostError:
            pass
        finally:
            self.close()


def _describe_error(error: Exception) -> str:
    """What went wrong, for the operator; without the addresses that a server may quote."""
    # The library was given a socket, so its own messages lack the port.
    cause = error.__cause__ if error.__cause__ is not None and error.__cause__.args else error
    message = redact_addresses(" ".join(map(str, cause.args)))
    return f"{type(cause).__name__}: {message}" if message else type(cause).__name__
