"""The API as a process: its port, its protocols, and how it stops."""

import socket
import sys
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from gql.live.service import interrupt

LONGEST_MESSAGE: Final = 64 * 1024
"""Bytes of a WebSocket's message: an operation with its variables."""
UNTAKEN: Final = 30_000
"""Milliseconds after which the system gives up a connection whose other end doesn't take what is sent to it."""


class Server(uvicorn.Server):
    """Ends live changes before it waits for answers under way: they would never be over."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops serving."""
        interrupt()
        await super().shutdown(sockets)


def configured(app: ASGIApp, **options: Any) -> uvicorn.Config:
    """How the API is served; `options` are the host, the port and the like."""
    return uvicorn.Config(
        app,
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        # Changes are small; a compressor for each connection is not.
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
        **options,
    )


def bound(config: uvicorn.Config) -> socket.socket:
    """The socket that connections come to."""
    made = config.bind_socket()
    # Connections take it over from the socket that they came to. Not every system has it.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN)
    return made


def serve_until_told(app: ASGIApp, host: str, port: int) -> None:
    """Answers until SIGTERM or SIGINT; ends the process with status 3 when it can't begin."""
    config = configured(app, host=host, port=port, loop="uvloop")
    server = Server(config)
    server.run(sockets=[bound(config)])
    if not server.started:
        sys.exit(3)
