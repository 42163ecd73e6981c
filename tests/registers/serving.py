"""A register behind a real socket, which answers as it is told: well, late, in pieces, wrongly or not at all."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Turn = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""What a register does with one question."""


@dataclass
class Register:
    """What it was asked, and what it does next; after its last turn it says the same again."""

    address: str
    turns: list[Turn]
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def turn(self) -> Turn:
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


def answers(status: int, body: bytes, length: int | None = None) -> Turn:
    """Answers at once; another `length` than the body's own breaks the answer off."""

    async def turn(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body) if length is None else length}\r\n\r\n"
        writer.write(head.encode() + body)

    return turn


def says(content: Any) -> Turn:
    """Answers with a JSON document."""
    return answers(200, json.dumps(content).encode())


def raw(text: bytes) -> Turn:
    """Says something that need not be HTTP."""

    async def turn(writer: asyncio.StreamWriter) -> None:
        writer.write(text)

    return turn


async def hangs(_writer: asyncio.StreamWriter) -> None:
    """Never says anything."""
    await asyncio.Event().wait()


async def drips(writer: asyncio.StreamWriter) -> None:
    """Says a little, again and again, and never comes to an end."""
    writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def register(*turns: Turn) -> AsyncIterator[Register]:
    """A register that takes these turns."""
    tasks: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            [length] = [line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length:")]
            served.heads.append(head)
            served.bodies.append(await reader.readexactly(int(length)))
            await served.turn()(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(answer(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    served = Register(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/questions", list(turns))
    try:
        yield served
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
