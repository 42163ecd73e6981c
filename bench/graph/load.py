"""Load from several concurrent clients over persistent connections, and the latency of each response."""

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
class Measurement:
    """A measurement of a load: the latency of each response in seconds, and the duration of all."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def __add__(self, other: "Measurement") -> "Measurement":
        return Measurement(self.seconds + other.seconds, self.elapsed + other.elapsed)

    @property
    def rate(self) -> float:
        """Responses a second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile(self, part: float) -> float:
        """A percentile of the latencies, in milliseconds; `part` is 0.99 for the 99th."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 if ordered else float("nan")


class Connection(asyncio.Protocol):
    """A persistent HTTP connection with one request at a time."""

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

    async def request(self, request: bytes) -> bytes:
        """Sends a request; returns the body of the response.

        Raises:
            ValueError: The response is no success.
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


async def send_once(port: int, call: Call) -> bytes:
    """The body of the response to one call."""
    connection = await _connect(port)
    try:
        return await connection.request(call.bytes())
    finally:
        connection.close()


async def send_all(port: int, clients: list[Iterator[Call]]) -> None:
    """Has each client send all of its calls, one after another."""
    connections = [await _connect(port) for _ in clients]

    async def run(connection: Connection, calls: Iterator[Call]) -> None:
        for call in calls:
            await connection.request(call.bytes())

    await asyncio.gather(*(run(*each) for each in zip(connections, clients, strict=True)))
    for connection in connections:
        connection.close()


async def run_load(port: int, clients: list[Iterator[Call]], seconds: float) -> Measurement:
    """Has each client send one call after another for this long; the last ones are completed."""
    connections = [await _connect(port) for _ in clients]
    measurement = Measurement()
    started = time.perf_counter()

    async def run(connection: Connection, calls: Iterator[Call]) -> None:
        while (begun := time.perf_counter()) < started + seconds:
            await connection.request(next(calls).bytes())
            measurement.seconds.append(time.perf_counter() - begun)

    await asyncio.gather(*(run(*each) for each in zip(connections, clients, strict=True)))
    measurement.elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return measurement


async def _connect(port: int) -> Connection:
    _, protocol = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return protocol
