"""The head of a response and a body that is ready are sent as one segment; otherwise neither waits."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from gql.server import Server, listening_socket, server_config
from tests.workers.events import eventually

pytestmark = pytest.mark.usefixtures("environment")

REQUEST = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
SEGMENTS_IN = struct.Struct("=152xI")
"""The count of received segments with data in Linux's `tcp_info` of a connection (`tcpi_data_segs_in`)."""


@asynccontextmanager
async def request_sent(app: ASGIApp) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to an application on which a request was sent."""
    config = server_config(app, host="127.0.0.1", port=0, lifespan="off")
    listening, server = listening_socket(config), Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await eventually(lambda: server.started)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(REQUEST)
        try:
            yield reader, writer
        finally:
            writer.close()
    finally:
        server.should_exit = True
        await serving


def received_segments(writer: asyncio.StreamWriter) -> int:
    tcp_info = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, SEGMENTS_IN.size)
    (count,) = SEGMENTS_IN.unpack(tcp_info)
    return int(count)


async def test_a_response_that_is_ready_is_sent_as_one_segment():
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(HEAD)
        await send({"type": "http.response.body", "body": b"whole"})

    async with request_sent(app) as (reader, writer):
        assert (await reader.readuntil(b"whole")).startswith(b"HTTP/1.1 200 OK\r\n")

        assert received_segments(writer) == 1


async def test_a_head_is_sent_before_a_body_that_is_not_ready():
    head_received = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(HEAD)
        await head_received.wait()
        await send({"type": "http.response.body", "body": b"la", "more_body": True})
        await send({"type": "http.response.body", "body": b"ter"})

    async with request_sent(app) as (reader, _):
        await reader.readuntil(b"\r\n\r\n")
        head_received.set()

        assert await reader.readexactly(5) == b"later"


async def test_a_head_is_sent_before_the_connection_is_closed():
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(HEAD)
        raise LookupError("There is no body.")

    async with request_sent(app) as (reader, _):
        assert (await reader.read()).endswith(b"\r\n\r\n")
