"""The API as a process: its port, its protocols, and how it stops."""

import asyncio
import gc
import os
import socket
import sys
import time
from typing import Any, Final

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql.http.heads import BoundedHeads
from gql.live.service import interrupt
from settings import settings

LONGEST_MESSAGE: Final = 64 * 1024
"""Bytes of a WebSocket's message: an operation with its variables."""
UNTAKEN: Final = 30_000
"""Milliseconds after which the system gives up a connection whose other end doesn't take what is sent to it."""
FIRST_GIVEN: Final = 3
"""The number of the first socket that the system hands to a process (sd_listen_fds)."""
KEPT: Final = 5
"""Seconds that a connection is kept on which nothing is asked."""
TURN: Final = 0.02
"""Seconds after which it is looked again whether connections are left."""


class Parting:
    """Has every answer say that it is the last of its connection, once the process is to stop."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps an application."""
        self._app = app
        self.begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection."""

        async def send_last(message: Message) -> None:
            if self.begun and message["type"] == "http.response.start":
                # The server closes the connection after such an answer, and clients ask no more on it.
                MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        await self._app(scope, receive, send_last if scope["type"] == "http" else send)


class Server(uvicorn.Server):
    """Stops without failing anybody who has asked, or is about to.

    Live changes are ended first: they would never be over. Where others take over the socket, connections that are
    kept are not closed under whoever may be asking on them just now: the next answer ends each, or its own time.
    """

    def __init__(self, config: uvicorn.Config, *, taken_over: bool = False) -> None:
        """Prepares to serve.

        Args:
            config: What `configured` made.
            taken_over: Whether other processes go on with the same socket.
        """
        super().__init__(config)
        self._taken_over = taken_over

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops serving."""
        interrupt()
        if self._taken_over:
            await self._part(sockets or [])
        await super().shutdown(sockets)

    async def _part(self, sockets: list[socket.socket]) -> None:
        """Lets no more connections in, and waits until those that are there have had their last answer."""
        for server in self.servers:
            server.close()
        for listener in sockets:
            listener.close()
        if isinstance(self.config.app, Parting):
            self.config.app.begun = True
        deadline = time.monotonic() + KEPT
        # uvicorn keeps a set of its connections, and tells nobody when one leaves it.
        while self.server_state.connections and not self.force_exit and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(TURN)


def configured(app: ASGIApp, **options: Any) -> uvicorn.Config:
    """How the API is served; `options` are the host, the port and the like."""
    return uvicorn.Config(
        Parting(app),
        http=BoundedHeads,
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        # Changes are small; a compressor for each connection is not.
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEPT,
        # Longer than any operation may take.
        timeout_graceful_shutdown=20,
        **options,
    )


def bound(config: uvicorn.Config) -> socket.socket:
    """The socket that connections come to: the one that the system has given us, or one of our own."""
    made = socket.socket(fileno=FIRST_GIVEN) if is_socket_activated() else config.bind_socket()
    # Connections take it over from the socket that they came to. Not every system has it.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN)
    return made


def is_socket_activated() -> bool:
    """Was this very process handed a socket, which others may serve, too (systemd's socket activation)?"""
    configuration = settings()
    return configuration.listen_fds > 0 and configuration.listen_pid == os.getpid()


def pass_over_imports() -> None:
    """Spares the collector of garbage what was imported, which stays: looking there holds requests up for 0.15 s."""
    gc.collect()
    gc.freeze()


def serve_until_told(app: ASGIApp, host: str, port: int) -> None:
    """Answers until SIGTERM or SIGINT; ends the process with status 3 when it can't begin."""
    config = configured(app, host=host, port=port, loop="uvloop")
    server = Server(config, taken_over=is_socket_activated())
    pass_over_imports()
    server.run(sockets=[bound(config)])
    if not server.started:
        sys.exit(3)
