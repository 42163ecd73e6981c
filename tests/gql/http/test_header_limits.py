"""What comes before there is a request to answer: bounded in length and time, on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import pytest

from gql.http import header_limits
from tests.gql.live.live_api import LiveApi, live_api

MUCH = 4 * 1024 * 1024


@pytest.fixture
async def api(database: str) -> AsyncIterator[LiveApi]:
    assert database
    async with live_api() as running:
        yield running


@asynccontextmanager
async def connected(api: LiveApi) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    where = urlsplit(api.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer_to(api: LiveApi, *sent: bytes) -> bytes:
    """All that comes back, until the API hangs up."""
    async with connected(api) as (reader, writer):
        with suppress(ConnectionError):
            for piece in sent:
                writer.write(piece)
                await writer.drain()
        told = b""
        with suppress(ConnectionError):
            while piece := await reader.read(65_536):
                told += piece
        return told


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\na: " + b"a" * MUCH,
        b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n" + b"a: b\r\n" * (MUCH // 6),
        b"GET /" + b"a" * MUCH,
        b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n1;" + b"a" * MUCH,
        b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: " + b"a" * MUCH,
    ],
    ids=["a header", "headers", "an address", "an extension of a chunk", "a trailer"],
)
async def test_a_head_without_an_end_is_not_read_to_the_end(api: LiveApi, sent: bytes):
    async with connected(api) as (reader, writer):
        writer.write(sent)
        # What the API didn't take stays here, and the connection is over.
        with suppress(ConnectionError):
            while await reader.read(65_536):
                pass
        assert reader.at_eof() or reader.exception()


async def test_whoever_says_too_much_is_told_so(api: LiveApi):
    head = b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\na: " + b"a" * (header_limits.MAX_HEADER_BYTES + 1)

    assert (await answer_to(api, head)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("second", [b"host: elsewhere.example", b"Host: 127.0.0.1"])
async def test_a_request_to_two_hosts_is_none(api: LiveApi, second: bytes):
    head = b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n" + second + b"\r\n\r\n"
    assert (await answer_to(api, head)).startswith(b"HTTP/1.1 400 ")


async def test_a_long_head_is_taken_and_a_long_body_of_small_pieces_too(api: LiveApi):
    head = b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\na: " + b"a" * 60_000 + b"\r\n\r\n"
    assert (await answer_to(api, head)).startswith(b"HTTP/1.1 200 ")

    body = b'{"query": "{ __typename }"' + b" " * 99_999 + b"}"
    pieces = b"".join(b"1\r\n" + bytes([byte]) + b"\r\n" for byte in body) + b"0\r\n\r\n"
    chunked = (
        b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\n"
        b"transfer-encoding: chunked\r\n\r\n"
    )
    assert (await answer_to(api, chunked, pieces)).endswith(
        b'"__typename":"Query"},"extensions":{"cost":{"asked":0,"allowed":250000}}}'
    )


@pytest.mark.parametrize("sent", [b"", b"GET /health/live HTTP/1.1\r\nhost: 127."])
async def test_whoever_says_nothing_is_not_waited_for(api: LiveApi, sent: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(header_limits, "HEADER_TIMEOUT", 0.05)

    assert await answer_to(api, sent) == b""
