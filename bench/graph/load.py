"""Load from several concurrent clients over persistent connections, and the latency of each response."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httptools


@dataclass(frozen=True)
class Request:
    """A POST request in a session."""

    path: str
    body: bytes
    session_token: str

    def encode(self) -> bytes:
        """The request in HTTP/1.1."""
        head = (
            f"POST {self.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"accept: application/json\r\ncookie: session={self.session_token}\r\n"
            f"content-length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


@dataclass
class Measurement:
    """The latency of each response in seconds, and the duration of the whole load."""

    latencies: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def __add__(self, other: "Measurement") -> "Measurement":
        return Measurement(self.latencies + other.latencies, self.elapsed + other.elapsed)

    @property
    def rate(self) -> float:
        """Responses per second."""
        return len(self.latencies) / self.elapsed if self.elapsed else 0.0

    def percentile(self, fraction: float) -> float:
        """A percentile of the latencies, in milliseconds; `fraction` is 0.99 for the 99th."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))] * 1000 if ordered else float("nan")


class Connection(asyncio.Protocol):
    """A persistent HTTP connection with one request at a time."""

    def __init__(self) -> None:
        self._connection_error: Exception | None = None
        self._response: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection_error = exc or ConnectionResetError("The server closed the connection.")
        if self._response and not self._response.done():
            self._response.set_exception(self._connection_error)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        assert self._response
        self._response.set_result(bytes(self._body))

    async def send(self, request: Request) -> bytes:
        """Sends a request; returns the body of the response.

        Raises:
            ValueError: The response isn't successful.
        """
        if self._connection_error:
            raise self._connection_error
        self._response = asyncio.get_running_loop().create_future()
        self._parser, self._body = httptools.HttpResponseParser(self), bytearray()
        self._transport.write(request.encode())
        body = await self._response
        if self._parser.get_status_code() != 200 or b'"errors":[{' in body:
            raise ValueError(f"The request failed: {body[:500]!r}")
        return body

    def close(self) -> None:
        self._transport.close()


async def send_once(port: int, request: Request) -> bytes:
    """Sends one request; returns the body of the response."""
    connection = await _connect(port)
    try:
        return await connection.send(request)
    finally:
        connection.close()


async def send_all(port: int, clients: list[Iterator[Request]]) -> None:
    """Has each client send all of its requests, one after another."""
    connections = [await _connect(port) for _ in clients]

    async def run(connection: Connection, requests: Iterator[Request]) -> None:
        for request in requests:
            await connection.send(request)

    await asyncio.gather(*map(run, connections, clients))
    for connection in connections:
        connection.close()


async def run_load(port: int, clients: list[Iterator[Request]], seconds: float) -> Measurement:
    """Has each client send one request after another for this long; the last ones are completed."""
    connections = [await _connect(port) for _ in clients]
    measurement = Measurement()
    load_start = time.perf_counter()

    async def run(connection: Connection, requests: Iterator[Request]) -> None:
        while (start := time.perf_counter()) < load_start + seconds:
            await connection.send(next(requests))
            measurement.latencies.append(time.perf_counter() - start)

    await asyncio.gather(*map(run, connections, clients))
    measurement.elapsed = time.perf_counter() - load_start
    for connection in connections:
        connection.close()
    return measurement


async def _connect(port: int) -> Connection:
    _, protocol = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return protocol
