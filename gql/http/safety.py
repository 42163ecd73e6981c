"""What keeps browsers from being used against the people in front of them: on every answer, whatever it is."""

from collections.abc import Sequence
from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from settings import Settings

PROBES: Final = "/health/"
"""Where load balancers ask, by whatever name they have for a machine."""
HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
"""What an answer says that says nothing else of it: it is data, and no page."""
ONLY_HTTPS: Final = "max-age=31536000; includeSubDomains"
ALLOWED_HEADERS: Final = (
    "authorization",
    "content-type",
    "range",
    "if-range",
    "if-none-match",
    "traceparent",
    "tracestate",
)
"""What pages elsewhere may send, besides what any page may: who asks, which part of a file, and within which trace."""
EXPOSED_HEADERS: Final = (
    "x-request-id",
    "retry-after",
    "content-disposition",
    "etag",
    "accept-ranges",
    "content-range",
)
"""What they may read of an answer, likewise: why to wait, and of a file its name, its version and which part it is."""


class SafeHeaders:
    """Gives every answer the headers that keep a browser from guessing, framing and leaking."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """Wraps an application.

        Args:
            app: The application.
            https: Whether browsers are to come by https only, from the first time on.
        """
        self._app = app
        headers = {**HEADERS, **({"strict-transport-security": ONLY_HTTPS} if https else {})}
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                present = {name for name, _ in headers}
                message["headers"] = [*headers, *(header for header in self._headers if header[0] not in present)]
            await send(message)

        await self._app(scope, receive, send_safely if scope["type"] == "http" else send)


class KnownHosts(TrustedHostMiddleware):
    """Answers by the names that the API has, so that no other name can be made to stand for it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection."""
        if scope["type"] == "http" and scope["path"].startswith(PROBES):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def safety(settings: Settings) -> Sequence[Middleware]:
    """What stands before the application, by the settings."""
    return (
        Middleware(SafeHeaders, https=settings.secure),
        Middleware(KnownHosts, allowed_hosts=list(settings.hosts), www_redirect=False),
        *([_from_elsewhere(settings)] if settings.cors_origins or settings.cors_origin_pattern else []),
    )


def _from_elsewhere(settings: Settings) -> Middleware:
    """What lets browsers ask us for frontends elsewhere; where there are none, no answer names an origin.

    They come with a bearer token: no browser is ever allowed to send them our cookie.
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
