"""Where a process tells its metrics and its health: a listener of its own, which no load balancer leads to."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Final

import structlog
import uvicorn
from prometheus_client import REGISTRY, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from observing.health import health_routes
from settings import Settings

log = structlog.get_logger()

PATH: Final = "/metrics"
# When a series began is told by the process that it belongs to, once; a scrape of twice the length tells no more.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves its type out


class ListeningError(Exception):
    """The metrics can't be told where the settings say."""


class _Server(uvicorn.Server):
    """Leaves signals to the process that it runs in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def metrics(request: Request) -> Response:
    """`GET /metrics`: everything that this process counts, as Prometheus reads it."""
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), headers={"content-type": content_type})


@contextlib.asynccontextmanager
async def exposed(settings: Settings, collector: Collector) -> AsyncIterator[None]:
    """Answers `/metrics`, `/health/live` and `/health/ready` while the block lasts, where a port is set.

    Args:
        settings: `metrics_host` and `metrics_port` say where; port 0 takes any that is free, and the log tells which.
        collector: What this kind of process tells besides what every process does.

    Raises:
        ListeningError: Nothing can listen there.
    """
    if settings.metrics_port is None:
        yield
        return
    bound = _bound(settings.metrics_host, settings.metrics_port)
    host, port = bound.getsockname()[:2]
    app = Starlette(routes=[Route(PATH, metrics), *health_routes()])
    server = _Server(uvicorn.Config(app, lifespan="off", access_log=False, log_config=None, server_header=False))
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    log.info("metrics_told", host=host, port=port)
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)
        server.should_exit = True
        await serving


def _bound(host: str, port: int) -> socket.socket:
    try:
        # One that another process listens on already is refused.
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ListeningError(
            f"METRICS_PORT: nothing can listen on {host}:{port} ({os.strerror(error.errno or 0)})."
        ) from None
