"""A register on a real socket with scripted responses: valid, slow, incomplete, invalid, or none at all."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Responder = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Responds to one request."""


@dataclass
class ScriptedRegister:
    """The requests that it got, and the responders of the next ones; the last of them is used again and again."""

    url: str
    responders: list[Responder]
    request_heads: list[str] = field(default_factory=list)
    request_bodies: list[bytes] = field(default_factory=list)

    def next_responder(self) -> Responder:
        return self.responders.pop(0) if len(self.responders) > 1 else self.responders[0]


def respond(status: int, body: bytes, content_length: int | None = None) -> Responder:
    """Responds at once; with a larger `content_length` than the body's the response is incomplete."""

    async def responder(writer: asyncio.StreamWriter) -> None:
        length = len(body) if content_length is None else content_length
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n\r\n".encode() + body)

    return responder


def respond_json(content: Any) -> Responder:
    """Responds with a JSON document."""
    return respond(200, json.dumps(content).encode())


def respond_raw(content: bytes) -> Responder:
    """Responds with bytes that need not be HTTP."""

    async def responder(writer: asyncio.StreamWriter) -> None:
        writer.write(content)

    return responder


async def respond_never(_writer: asyncio.StreamWriter) -> None:
    """Sends nothing."""
    await asyncio.Event().wait()


async def respond_endlessly(writer: asyncio.StreamWriter) -> None:
    """Sends a byte again and again, and never ends."""
    writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def scripted_register(*responders: Responder) -> AsyncIterator[ScriptedRegister]:
    """A register that responds to its requests in this order."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            [length] = [line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length:")]
            register.request_heads.append(head)
            register.request_bodies.append(await reader.readexactly(int(length)))
            await register.next_responder()(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def start_handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(handle(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(start_handler, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/requests"
    register = ScriptedRegister(url, list(responders))
    try:
        yield register
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
