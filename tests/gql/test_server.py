"""A process that is told to stop, where others take over its socket: whoever has asked, or is about to, is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gql import server
from gql.server import Server, server_config
from tests.identity.serving import listening
from tests.workers.events import eventually

pytestmark = pytest.mark.usefixtures("environment")
ASKED = b"GET /%s HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"


@dataclass
class Serving:
    """A server with one page that answers at once, and one that waits until it is let."""

    server: Server
    port: int
    going: asyncio.Task[None]
    let: asyncio.Event
    clients: "list[Client]" = field(default_factory=list)

    async def connect(self) -> "Client":
        self.clients.append(Client(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self.clients[-1]


@dataclass
class Client:
    """A connection that is kept."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def ask(self, page: bytes) -> None:
        self.writer.write(ASKED % page)

    async def answer(self) -> tuple[bytes, bool]:
        """The body, and whether it was said that the connection ends with it."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        return await self.reader.readexactly(2), b"connection: close" in head


@asynccontextmanager
async def serving_until_told(*, shares_socket: bool) -> AsyncIterator[Serving]:
    let = asyncio.Event()

    async def soon(request: Request) -> Response:
        if request.path_params["page"] == "slow":
            await let.wait()
        return PlainTextResponse("ok")

    config = server_config(Starlette(routes=[Route("/{page}", soon)]), lifespan="off")
    taken, url = listening()
    server = Server(config, shares_socket=shares_socket)
    going = asyncio.create_task(server.serve(sockets=[taken]))
    await eventually(lambda: server.started)
    running = Serving(server, int(url.rsplit(":", 1)[1]), going, let)
    try:
        yield running
    finally:
        let.set()
        for client in running.clients:
            client.writer.close()
        server.should_exit = True
        await going


async def test_a_kept_connection_gets_one_answer_more_and_is_told_that_it_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "KEEP_ALIVE_TIMEOUT", 60)
    async with serving_until_told(shares_socket=True) as running:
        client = await running.connect()
        client.ask(b"page")
        assert await client.answer() == (b"ok", False)

        running.server.should_exit = True
        await eventually(lambda: not running.server.servers[0].is_serving())
        client.ask(b"page")

        assert await client.answer() == (b"ok", True)
        assert await client.reader.read() == b""
        await running.going


async def test_an_answer_under_way_is_finished(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "KEEP_ALIVE_TIMEOUT", 60)
    async with serving_until_told(shares_socket=True) as running:
        client = await running.connect()
        client.ask(b"slow")
        await eventually(lambda: running.server.server_state.tasks)

        running.server.should_exit = True
        await eventually(lambda: not running.server.servers[0].is_serving())
        running.let.set()

        assert await client.answer() == (b"ok", True)
        await running.going


async def test_connections_on_which_nothing_is_asked_are_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "KEEP_ALIVE_TIMEOUT", 0.1)
    async with serving_until_told(shares_socket=True) as running:
        client = await running.connect()
        await eventually(lambda: running.server.server_state.connections)

        running.server.should_exit = True
        await running.going

        assert await client.reader.read() == b""


async def test_nobody_is_waited_for_where_nobody_takes_over():
    async with serving_until_told(shares_socket=False) as running:
        client = await running.connect()
        await eventually(lambda: running.server.server_state.connections)

        running.server.should_exit = True
        await running.going

        assert await client.reader.read() == b""
