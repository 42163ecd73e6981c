"""The API as a process: its socket, its protocols and its graceful shutdown."""

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

from gql.http.header_limits import HeaderLimitsProtocol
from gql.live.service import interrupt_live
from settings import settings

MAX_WEBSOCKET_MESSAGE_BYTES: Final = 64 * 1024
"""The size of a WebSocket message: an operation with its variables."""
TCP_USER_TIMEOUT_MS: Final = 30_000
"""Milliseconds after which the kernel drops a connection whose client doesn't acknowledge what is sent to it."""
SD_LISTEN_FDS_START: Final = 3
"""The first file descriptor that systemd passes to a process (sd_listen_fds)."""
KEEP_ALIVE_TIMEOUT: Final = 5
"""Seconds after which an idle connection is closed."""
DRAIN_POLL_INTERVAL: Final = 0.02
"""Seconds between checks whether connections are left."""


class DrainingMiddleware:
    """Adds `Connection: close` to every response while the process is draining."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps an application."""
        self._app = app
        self.is_draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or WebSocket."""

        async def send_with_close(message: Message) -> None:
            if self.is_draining and message["type"] == "http.response.start":
                # The server closes the connection after such a response, and clients send no more requests on it.
                MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        await self._app(scope, receive, send_with_close if scope["type"] == "http" else send)


class Server(uvicorn.Server):
    """Stops without failing a request that was sent, or is about to be.

    Subscriptions are ended first: they would never end by themselves. Where other processes share the socket, idle
    connections are not closed at once, since a client may just be sending a request: the next response closes each, or
    the keep-alive timeout.
    """

    def __init__(self, config: uvicorn.Config, *, shares_socket: bool = False) -> None:
        """Prepares to serve.

        Args:
            config: What `server_config` returned.
            shares_socket: Whether other processes accept connections on the same socket.
        """
        super().__init__(config)
        self._shares_socket = shares_socket

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops serving."""
        interrupt_live()
        if self._shares_socket:
            await self._drain(sockets or [])
        await super().shutdown(sockets)

    async def _drain(self, sockets: list[socket.socket]) -> None:
        """Stops accepting connections, and waits until the open ones have had their last response."""
        for server in self.servers:
            server.close()
        for listener in sockets:
            listener.close()
        if isinstance(self.config.app, DrainingMiddleware):
            self.config.app.is_draining = True
        deadline = time.monotonic() + KEEP_ALIVE_TIMEOUT
        # uvicorn keeps a set of its connections, without an event for changes.
        while self.server_state.connections and not self.force_exit and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(DRAIN_POLL_INTERVAL)


def server_config(app: ASGIApp, **options: Any) -> uvicorn.Config:
    """The configuration of uvicorn; `options` are the host, the port and the like."""
    return uvicorn.Config(
        DrainingMiddleware(app),
        http=HeaderLimitsProtocol,
        ws="websockets-sansio",
        ws_max_size=MAX_WEBSOCKET_MESSAGE_BYTES,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        # Messages are small; a compressor per connection is not.
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT,
        # Longer than any operation may take.
        timeout_graceful_shutdown=20,
        **options,
    )


def listening_socket(config: uvicorn.Config) -> socket.socket:
    """The listening socket: the one passed by systemd, or a new one."""
    listener = socket.socket(fileno=SD_LISTEN_FDS_START) if is_socket_activated() else config.bind_socket()
    # Accepted connections inherit it. Not every platform has it.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TCP_USER_TIMEOUT_MS)
    return listener


def is_socket_activated() -> bool:
    """Did systemd pass a socket to this very process (socket activation)? Other processes may share it."""
    configuration = settings()
    return configuration.listen_fds > 0 and configuration.listen_pid == os.getpid()


def exclude_imports_from_gc() -> None:
    """Excludes what was imported from garbage collection: scanning it would block requests for 0.15 s."""
    gc.collect()
    gc.freeze()


def run_server(app: ASGIApp, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT; exits with status 3 when it can't start."""
    config = server_config(app, host=host, port=port, loop="uvloop")
    server = Server(config, shares_socket=is_socket_activated())
    exclude_imports_from_gc()
    server.run(sockets=[listening_socket(config)])
    if not server.started:
        sys.exit(3)
