"""Servers for applications, on real sockets and in the event loop of the test."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send


def bind_socket() -> tuple[socket.socket, str]:
    """A socket that is bound to a free port, and its URL."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def serve(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Serves until the block ends; uvicorn's own `serve` polls, and would delay each start and stop."""
    config = uvicorn.Config(app, ws="none", log_config=None)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        yield
    finally:
        for asyncio_server in server.servers:
            asyncio_server.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await server.lifespan.shutdown()


@dataclass
class RecordingApp:
    """An application that records the paths of its requests, and answers 500 while it is broken."""

    app: ASGIApp
    requested_paths: list[str] = field(default_factory=list)
    broken: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.requested_paths.append(scope["path"])
        if self.broken:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"Internal Server Error"})
            return
        await self.app(scope, receive, send)
