"""The shutdown of a process whose socket others may take over: requests in flight are answered first."""

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
from tests.identity.serving import bind_socket
from tests.workers.events import eventually

pytestmark = pytest.mark.usefixtures("environment")
REQUEST = b"GET /%s HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"


@dataclass
class RunningServer:
    """A server with pages that respond at once, and a slow page.

    Attributes:
        server: The server.
        port: Where it listens.
        task: Ends when the server has shut down.
        release: Lets the slow page respond.
        clients: The connections to close at the end.
    """

    server: Server
    port: int
    task: asyncio.Task[None]
    release: asyncio.Event
    clients: "list[Client]" = field(default_factory=list)

    async def connect(self) -> "Client":
        self.clients.append(Client(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self.clients[-1]


@dataclass
class Client:
    """A persistent connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def request(self, page: bytes) -> None:
        self.writer.write(REQUEST % page)

    async def response(self) -> tuple[bytes, bool]:
        """The body, and whether the response closes the connection."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        return await self.reader.readexactly(2), b"connection: close" in head


@asynccontextmanager
async def running_server(*, shares_socket: bool) -> AsyncIterator[RunningServer]:
    release = asyncio.Event()

    async def page(request: Request) -> Response:
        if request.path_params["page"] == "slow":
            await release.wait()
        return PlainTextResponse("ok")

    config = server_config(Starlette(routes=[Route("/{page}", page)]), lifespan="off")
    listener, url = bind_socket()
    server = Server(config, shares_socket=shares_socket)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await eventually(lambda: server.started)
    running = RunningServer(server, int(url.rsplit(":", 1)[1]), task, release)
    try:
        yield running
    finally:
        release.set()
        for client in running.clients:
            client.writer.close()
        server.should_exit = True
        await task


async def test_a_persistent_connection_gets_one_more_response_that_closes_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "KEEP_ALIVE_TIMEOUT", 60)
    async with running_server(shares_socket=True) as running:
        client = await running.connect()
        client.request(b"page")
        assert await client.response() == (b"ok", False)

        running.server.should_exit = True
        await eventually(lambda: not running.server.servers[0].is_serving())
        client.request(b"page")

        assert await client.response() == (b"ok", True)
        assert await client.reader.read() == b""
        await running.task


async def test_a_response_in_flight_is_completed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "KEEP_ALIVE_TIMEOUT", 60)
    async with running_server(shares_socket=True) as running:
        client = await running.connect()
        client.request(b"slow")
        await eventually(lambda: running.server.server_state.tasks)

        running.server.should_exit = True
        await eventually(lambda: not running.server.servers[0].is_serving())
        running.release.set()

        assert await client.response() == (b"ok", True)
        await running.task


async def test_idle_connections_are_closed_after_the_keep_alive_timeout(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "KEEP_ALIVE_TIMEOUT", 0.1)
    async with running_server(shares_socket=True) as running:
        client = await running.connect()
        await eventually(lambda: running.server.server_state.connections)

        running.server.should_exit = True
        await running.task

        assert await client.reader.read() == b""


async def test_without_a_shared_socket_idle_connections_are_closed_at_once():
    async with running_server(shares_socket=False) as running:
        client = await running.connect()
        await eventually(lambda: running.server.server_state.connections)

        running.server.should_exit = True
        await running.task

        assert await client.reader.read() == b""
