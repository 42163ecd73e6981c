"""Serves a process's metrics and health on a listener of its own, which no load balancer forwards to."""

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
# The creation time of each series would double the size of a scrape.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves its type out


class MetricsListenerError(Exception):
    """Nothing can listen on the configured address."""


class _Server(uvicorn.Server):
    """Leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def metrics(request: Request) -> Response:
    """`GET /metrics`: all metrics of this process, in Prometheus's format."""
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), headers={"content-type": content_type})


@contextlib.asynccontextmanager
async def serve_metrics(settings: Settings, collector: Collector) -> AsyncIterator[None]:
    """Serves `/metrics`, `/health/live` and `/health/ready` while the block lasts, if a port is configured.

    Args:
        settings: `metrics_host` and `metrics_port` are the address; with port 0 any free one is used, and logged.
        collector: The metrics of this kind of process, besides those of every process.

    Raises:
        MetricsListenerError: Nothing can listen on that address.
    """
    if settings.metrics_port is None:
        yield
        return
    listener = _listen(settings.metrics_host, settings.metrics_port)
    host, port = listener.getsockname()[:2]
    app = Starlette(routes=[Route(PATH, metrics), *health_routes()])
    server = _Server(uvicorn.Config(app, lifespan="off", access_log=False, log_config=None, server_header=False))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    log.info("metrics_told", host=host, port=port)
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)
        server.should_exit = True
        await serving


def _listen(host: str, port: int) -> socket.socket:
    try:
        # Fails if another process listens there already.
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise MetricsListenerError(
            f"METRICS_PORT: nothing can listen on {host}:{port} ({os.strerror(error.errno or 0)})."
        ) from None
