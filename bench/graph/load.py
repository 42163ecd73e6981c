"""Asks as many clients do at once, over connections that are kept, and writes down how long each answer took."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httptools


@dataclass(frozen=True)
class Call:
    """One request: where to, with what, and by whom (a session's token)."""

    path: str
    body: bytes
    token: str

    def bytes(self) -> bytes:
        head = (
            f"POST {self.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"accept: application/json\r\ncookie: session={self.token}\r\ncontent-length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


@dataclass
class Measured:
    """What clients saw: the seconds of each answer, and how long all of it took."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(self.seconds + other.seconds, self.elapsed + other.elapsed)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile(self, part: float) -> float:
        """Milliseconds within which this part of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 if ordered else float("nan")


class Connection(asyncio.Protocol):
    """A kept connection that asks one thing at a time."""

    def __init__(self) -> None:
        self._lost: Exception | None = None
        self._answered: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = exc or ConnectionResetError("The server hung up.")
        if self._answered and not self._answered.done():
            self._answered.set_exception(self._lost)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        assert self._answered
        self._answered.set_result(bytes(self._body))

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer.

        Raises:
            ValueError: The answer is no success.
        """
        if self._lost:
            raise self._lost
        self._answered = asyncio.get_running_loop().create_future()
        self._parser, self._body = httptools.HttpResponseParser(self), bytearray()
        self._transport.write(request)
        body = await self._answered
        if self._parser.get_status_code() != 200 or b'"errors":[{' in body:
            raise ValueError(f"Refused: {body[:500]!r}")
        return body

    def close(self) -> None:
        self._transport.close()


async def ask_once(port: int, call: Call) -> bytes:
    """The body of the answer to one call."""
    connection = await _connected(port)
    try:
        return await connection.ask(call.bytes())
    finally:
        connection.close()


async def ask_all(port: int, clients: list[Iterator[Call]]) -> None:
    """Has each client ask all of its calls, one after another."""
    connections = [await _connected(port) for _ in clients]

    async def run(connection: Connection, calls: Iterator[Call]) -> None:
        for call in calls:
            await connection.ask(call.bytes())

    await asyncio.gather(*(run(*each) for each in zip(connections, clients, strict=True)))
    for connection in connections:
        connection.close()


async def load(port: int, clients: list[Iterator[Call]], seconds: float) -> Measured:
    """Has each client ask one thing after another for so long; what was begun is finished."""
    connections = [await _connected(port) for _ in clients]
    measured = Measured()
    started = time.perf_counter()

    async def run(connection: Connection, calls: Iterator[Call]) -> None:
        while (begun := time.perf_counter()) < started + seconds:
            await connection.ask(next(calls).bytes())
            measured.seconds.append(time.perf_counter() - begun)

    await asyncio.gather(*(run(*each) for each in zip(connections, clients, strict=True)))
    measured.elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return measured


async def _connected(port: int) -> Connection:
    _, protocol = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return protocol
