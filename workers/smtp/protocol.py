"""The SMTP protocol over an open connection: sends commands, and reads their replies in the same order.

The library that opens the connection (aiosmtplib) allows one command at a time: it drops anything that arrives with the
reply that it waits for. It does the greeting, TLS and login, and then hands the connection over to this protocol.
"""

import asyncio
from collections import deque
from typing import Final, NamedTuple, Self

MAX_REPLY_LENGTH: Final = 64 * 1024
"""Octets that may arrive without the end of a reply among them."""


class Reply(NamedTuple):
    """The server's reply to one command; the lines of a multiline reply are joined by spaces."""

    code: int
    text: str


class ConnectionLostError(Exception):
    """The connection was lost, no reply came in time, or what came is no valid reply."""


class SmtpProtocol(asyncio.Protocol):
    """Sends commands and parses replies, however they arrive: in pieces, or several at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._replaced_protocol = transport.get_protocol()
        self._buffer = b""
        self._lines: list[str] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._error: ConnectionLostError | None = None

    @classmethod
    def take_over(cls, transport: asyncio.Transport) -> Self:
        """Replaces the protocol that opened the connection, after every reply to that one has been read."""
        protocol = cls(transport)
        transport.set_protocol(protocol)
        return protocol

    @property
    def is_open(self) -> bool:
        """Whether the connection is open, as far as known."""
        return self._error is None and not self._transport.is_closing()

    def send(self, octets: bytes) -> None:
        """Sends commands or a mail, each with its line end; every earlier reply must have been read.

        Raises:
            ConnectionLostError: The connection was lost, or the server sent an unsolicited reply: replies could no
                longer be matched to commands.
        """
        if not self.is_open:
            raise self._error or ConnectionLostError("closed")
        if self._replies or self._lines or self._buffer:
            self._transport.close()
            raise ConnectionLostError("the server spoke unasked")
        self._transport.write(octets)

    async def read_reply(self, timeout: float) -> Reply:  # noqa: ASYNC109  # each phase has its own; most are here
        """The reply to the oldest command whose reply has not been read.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            ConnectionLostError: No reply came.
        """
        while not self._replies:
            if self._error is not None:
                raise self._error
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._waiter
            except TimeoutError as error:
                raise ConnectionLostError("no reply in time") from error
            finally:
                self._waiter = None
        return self._replies.popleft()

    def data_received(self, data: bytes) -> None:
        """Parses the replies that have arrived so far."""
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        valid = all(map(self._parse_line, lines))
        if not valid or len(self._buffer) + sum(map(len, self._lines)) > MAX_REPLY_LENGTH:
            self._fail(ConnectionLostError("what came is no reply"))
            self._transport.close()
        self._wake_waiter()

    def _parse_line(self, line: bytes) -> bool:
        """Parses one line of a reply; returns whether it is valid."""
        code, separator, text = line[:3], line[3:4], line[4:]
        if not (code.isdigit() and len(code) == 3 and separator.strip() in {b"", b"-"}):  # noqa: PLR2004  # RFC 5321, 4.2
            return False
        self._lines.append(text.decode("utf-8", "replace").strip())
        if separator != b"-":
            self._replies.append(Reply(int(code), " ".join(self._lines)))
            self._lines = []
        return True

    def eof_received(self) -> None:
        """Closes the connection, as the server did."""
        self._fail(ConnectionLostError("the server hung up"))

    def connection_lost(self, error: Exception | None) -> None:
        """Records that the connection is lost, and tells the replaced protocol, which tracks open connections."""
        self._fail(ConnectionLostError(type(error).__name__ if error else "closed"))
        if isinstance(self._replaced_protocol, asyncio.Protocol):
            self._replaced_protocol.connection_lost(error)

    def _fail(self, error: ConnectionLostError) -> None:
        self._error = self._error or error
        self._wake_waiter()

    def _wake_waiter(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
