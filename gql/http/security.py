"""Security middleware: response headers, allowed hosts and CORS."""

from collections.abc import Sequence
from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from settings import Settings

HEALTH_PATH: Final = "/health/"
"""Where load balancers probe, under any host name."""
SECURITY_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
"""The headers of every response that doesn't set its own: those of data, not of a page."""
STRICT_TRANSPORT_SECURITY: Final = "max-age=31536000; includeSubDomains"
ALLOWED_HEADERS: Final = (
    "authorization",
    "content-type",
    "range",
    "if-range",
    "if-none-match",
    "traceparent",
    "tracestate",
    "apollographql-client-name",
    "apollographql-client-version",
)
"""Request headers that pages of other origins may send, besides the CORS-safelisted ones.

Apollo Client sends the last two once it has a name; if they weren't allowed, browsers would block its every request.
"""
EXPOSED_HEADERS: Final = (
    "x-request-id",
    "retry-after",
    "content-disposition",
    "etag",
    "accept-ranges",
    "content-range",
)
"""Response headers that they may read, likewise."""


class SecurityHeadersMiddleware:
    """Adds the security headers that a response doesn't set itself."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """Wraps an application.

        Args:
            app: The application.
            https: Whether browsers are told to use https only (HSTS).
        """
        self._app = app
        headers = {**SECURITY_HEADERS, **({"strict-transport-security": STRICT_TRANSPORT_SECURITY} if https else {})}
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or WebSocket."""

        async def send_with_security_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                present = {name for name, _ in headers}
                message["headers"] = [*headers, *(header for header in self._headers if header[0] not in present)]
            await send(message)

        await self._app(scope, receive, send_with_security_headers if scope["type"] == "http" else send)


class AllowedHostsMiddleware(TrustedHostMiddleware):
    """Refuses requests for any host name but the API's own, except health probes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or WebSocket."""
        if scope["type"] == "http" and scope["path"].startswith(HEALTH_PATH):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def security_middleware(settings: Settings) -> Sequence[Middleware]:
    """The security middleware for these settings."""
    return (
        Middleware(SecurityHeadersMiddleware, https=settings.uses_https),
        Middleware(AllowedHostsMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False),
        *([_cors_middleware(settings)] if settings.cors_origins or settings.cors_origin_pattern else []),
    )


def _cors_middleware(settings: Settings) -> Middleware:
    """CORS for frontends of other origins.

    They send a bearer token: credentials, and so the session cookie, are never allowed.
    """
    return Middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_origin_regex=settings.cors_origin_pattern,
        allow_methods=["GET", "POST", "PUT"],
        allow_headers=list(ALLOWED_HEADERS),
        expose_headers=list(EXPOSED_HEADERS),
        max_age=600,
    )
