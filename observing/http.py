"""What every answer over HTTP is counted and timed by, and the line that the log has of it."""

import time
from functools import cache
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observing.tracing import CARRIED, span, tracing

if TYPE_CHECKING:
    from opentelemetry.trace import Span

log = structlog.get_logger()

NO_ROUTE: Final = "none"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "OPTIONS"})
"""The methods that anything is answered by; a client may invent others, which are counted as one."""
QUIET: Final = ("/health/", "/static")
"""Addresses that are asked all the time, or for nothing of ours: they are counted, and the log is spared them."""
GONE: Final = 499
"""The status of a request whose client left before there was an answer."""

REQUESTS: Final = Counter("econtracting_http_requests", "Requests answered.", ("method", "route", "status"))
SECONDS: Final = Histogram(
    "econtracting_http_request_seconds",
    "From the request's head to the last byte of the answer.",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)


class Measured:
    """Counts and times requests by the route that answered, and tells the log of each.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = GONE, time.perf_counter()

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with span("HTTP", _carried(scope), kind="SERVER") as opened:
            try:
                await self._app(scope, receive, send_and_see)
            except Exception:
                status = 500
                raise
            finally:
                _tell(scope, status, time.perf_counter() - began)
                if opened is not None:
                    _describe(opened, scope, status)


def _carried(scope: Scope) -> str | None:
    """The trace that a client began (W3C Trace Context), where anything is traced."""
    return Headers(scope=scope).get(CARRIED) if tracing() else None


def _describe(opened: "Span", scope: Scope, status: int) -> None:
    method, route = _named(scope)
    opened.update_name(f"{method} {route}")
    opened.set_attribute("http.request.method", method)
    opened.set_attribute("http.route", route)
    opened.set_attribute("http.response.status_code", status)
    opened.set_attribute("econtracting.request_id", scope["state"]["request_id"])


def _tell(scope: Scope, status: int, seconds: float) -> None:
    method, route = _named(scope)
    _counted(method, route, status).inc()
    _timed(method, route).observe(seconds)
    if not route.startswith(QUIET):
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


@cache  # there is one for each route, method and status, and finding it takes longer than counting
def _counted(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


@cache
def _timed(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


def _named(scope: Scope) -> tuple[str, str]:
    """The method and the route, as they are told: none that a client made up."""
    method = scope["method"] if scope["method"] in METHODS else "other"
    return method, getattr(scope.get("route"), "path", NO_ROUTE)
