"""The head of a request is limited in length and time, on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import pytest

from gql.http import header_limits
from tests.gql.live.live_api import LiveApi, live_api

EXCESSIVE = 4 * 1024 * 1024


@pytest.fixture
async def api(database: str) -> AsyncIterator[LiveApi]:
    assert database
    async with live_api() as running:
        yield running


@asynccontextmanager
async def connected(api: LiveApi) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    address = urlsplit(api.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def response_to(api: LiveApi, *pieces: bytes) -> bytes:
    """All that the API sends until it closes the connection."""
    async with connected(api) as (reader, writer):
        with suppress(ConnectionError):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
        response = b""
        with suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                response += chunk
        return response


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\na: " + b"a" * EXCESSIVE,
        b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n" + b"a: b\r\n" * (EXCESSIVE // 6),
        b"GET /" + b"a" * EXCESSIVE,
        b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n1;" + b"a" * EXCESSIVE,
        b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: " + b"a" * EXCESSIVE,
    ],
    ids=["a header", "headers", "a path", "a chunk extension", "a trailer"],
)
async def test_an_endless_head_is_not_read_to_its_end(api: LiveApi, head: bytes):
    async with connected(api) as (reader, writer):
        writer.write(head)
        # The API closes the connection without reading the rest.
        with suppress(ConnectionError):
            while await reader.read(65_536):
                pass
        assert reader.at_eof() or reader.exception()


async def test_too_large_headers_are_refused_with_431(api: LiveApi):
    head = b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\na: " + b"a" * (header_limits.MAX_HEADER_BYTES + 1)

    assert (await response_to(api, head)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("second", [b"host: elsewhere.example", b"Host: 127.0.0.1"])
async def test_a_request_with_two_hosts_is_refused(api: LiveApi, second: bytes):
    head = b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n" + second + b"\r\n\r\n"
    assert (await response_to(api, head)).startswith(b"HTTP/1.1 400 ")


async def test_a_long_head_within_the_limit_is_read(api: LiveApi):
    head = b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\na: " + b"a" * 60_000 + b"\r\n\r\n"
    assert (await response_to(api, head)).startswith(b"HTTP/1.1 200 ")


async def test_a_long_body_in_chunks_of_one_byte_is_read(api: LiveApi):
    body = b'{"query": "{ __typename }"' + b" " * 99_999 + b"}"
    chunks = b"".join(b"1\r\n" + bytes([byte]) + b"\r\n" for byte in body) + b"0\r\n\r\n"
    head = (
        b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\n"
        b"transfer-encoding: chunked\r\n\r\n"
    )
    assert (await response_to(api, head, chunks)).endswith(
        b'"__typename":"Query"},"extensions":{"cost":{"asked":0,"allowed":250000}}}'
    )


@pytest.mark.parametrize("head", [b"", b"GET /health/live HTTP/1.1\r\nhost: 127."])
async def test_a_connection_without_a_whole_head_is_closed_at_the_timeout(
    api: LiveApi, head: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(header_limits, "HEADER_TIMEOUT", 0.05)

    assert await response_to(api, head) == b""
