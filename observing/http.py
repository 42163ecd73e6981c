"""Middleware that counts, times and logs every HTTP request."""

import time
from functools import cache
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observing.tracing import TRACEPARENT, is_tracing, span

if TYPE_CHECKING:
    from opentelemetry.trace import Span

log = structlog.get_logger()

NO_ROUTE: Final = "none"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "OPTIONS"})
"""The methods that any route supports; others, which a client may invent, are counted as one."""
UNLOGGED_PATHS: Final = ("/health/", "/static")
"""Paths that are requested all the time: they are counted, but not logged."""
CLIENT_CLOSED_REQUEST: Final = 499
"""The status of a request whose client disconnected before the response."""

REQUESTS: Final = Counter("econtracting_http_requests", "Requests answered.", ("method", "route", "status"))
SECONDS: Final = Histogram(
    "econtracting_http_request_seconds",
    "From the request's head to the last byte of the answer.",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)


class RequestMetrics:
    """Counts and times requests by route, and logs each.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, start = CLIENT_CLOSED_REQUEST, time.perf_counter()

        async def send_and_record_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with span("HTTP", _traceparent(scope), kind="SERVER") as current_span:
            try:
                await self._app(scope, receive, send_and_record_status)
            except Exception:
                status = 500
                raise
            finally:
                _record(scope, status, time.perf_counter() - start)
                if current_span is not None:
                    _describe(current_span, scope, status)


def _traceparent(scope: Scope) -> str | None:
    """The client's trace (W3C Trace Context), if tracing is enabled."""
    return Headers(scope=scope).get(TRACEPARENT) if is_tracing() else None


def _describe(current_span: "Span", scope: Scope, status: int) -> None:
    method, route = _method_and_route(scope)
    current_span.update_name(f"{method} {route}")
    current_span.set_attribute("http.request.method", method)
    current_span.set_attribute("http.route", route)
    current_span.set_attribute("http.response.status_code", status)
    current_span.set_attribute("econtracting.request_id", scope["state"]["request_id"])


def _record(scope: Scope, status: int, seconds: float) -> None:
    method, route = _method_and_route(scope)
    _counter(method, route, status).inc()
    _histogram(method, route).observe(seconds)
    if not route.startswith(UNLOGGED_PATHS):
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


@cache  # there is one for each route, method and status, and looking it up takes longer than counting
def _counter(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


@cache
def _histogram(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


def _method_and_route(scope: Scope) -> tuple[str, str]:
    """The method and the route as labels, which a client can't make up."""
    method = scope["method"] if scope["method"] in METHODS else "other"
    return method, getattr(scope.get("route"), "path", NO_ROUTE)
