"""What goes to and fro over an open connection to a mail server: commands, and their replies in the same order.

The library that opens the connection (aiosmtplib) knows one command at a time: it drops what arrives beside the reply
that it waits for. So it greets, encrypts and logs in, and then hands the connection over to this.
"""

import asyncio
from collections import deque
from typing import Final, NamedTuple, Self

LONGEST_REPLY: Final = 64 * 1024
"""Octets that may arrive without the end of a reply among them."""


class Reply(NamedTuple):
    """What the server said to one command; the lines of a long reply are joined by spaces."""

    code: int
    text: str


class LostError(Exception):
    """The connection is gone, nothing came for too long, or what came is no reply."""


class Dialogue(asyncio.Protocol):
    """Sends commands and hands out their replies, however they arrive: in pieces or several at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._before = transport.get_protocol()
        self._arrived = b""
        self._lines: list[str] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._lost: LostError | None = None

    @classmethod
    def take_over(cls, transport: asyncio.Transport) -> Self:
        """Takes the place of the protocol that has opened the connection; every reply to that has been read."""
        dialogue = cls(transport)
        transport.set_protocol(dialogue)
        return dialogue

    @property
    def is_open(self) -> bool:
        """Whether the connection was there when last heard of."""
        return self._lost is None and not self._transport.is_closing()

    def send(self, octets: bytes) -> None:
        """Sends commands or a mail, each with its line end; every reply to what was sent before has been read.

        Raises:
            LostError: The connection is gone, or the server spoke unasked: nobody could tell which reply is to what.
        """
        if not self.is_open:
            raise self._lost or LostError("closed")
        if self._replies or self._lines or self._arrived:
            self._transport.close()
            raise LostError("the server spoke unasked")
        self._transport.write(octets)

    async def reply(self, timeout: float) -> Reply:  # noqa: ASYNC109  # each phase has its own; most replies are here
        """The reply to the oldest command that has not had one.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            LostError: It doesn't come.
        """
        while not self._replies:
            if self._lost is not None:
                raise self._lost
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._waiter
            except TimeoutError as error:
                raise LostError("no reply in time") from error
            finally:
                self._waiter = None
        return self._replies.popleft()

    def data_received(self, data: bytes) -> None:
        """Reads replies out of what has arrived so far."""
        *lines, self._arrived = (self._arrived + data).split(b"\n")
        readable = all(map(self._read, lines))
        if not readable or len(self._arrived) + sum(map(len, self._lines)) > LONGEST_REPLY:
            self._end(LostError("what came is no reply"))
            self._transport.close()
        self._wake()

    def _read(self, line: bytes) -> bool:
        """Takes in one line; answers whether it can be one of a reply."""
        code, follows, text = line[:3], line[3:4], line[4:]
        if not (code.isdigit() and len(code) == 3 and follows.strip() in {b"", b"-"}):  # noqa: PLR2004  # RFC 5321, 4.2
            return False
        self._lines.append(text.decode("utf-8", "replace").strip())
        if follows != b"-":
            self._replies.append(Reply(int(code), " ".join(self._lines)))
            self._lines = []
        return True

    def eof_received(self) -> None:
        """Hangs up, as the server did."""
        self._end(LostError("the server hung up"))

    def connection_lost(self, error: Exception | None) -> None:
        """Remembers that nothing more comes, and tells the protocol from before, which keeps books on that."""
        self._end(LostError(type(error).__name__ if error else "closed"))
        if isinstance(self._before, asyncio.Protocol):
            self._before.connection_lost(error)

    def _end(self, error: LostError) -> None:
        self._lost = self._lost or error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
