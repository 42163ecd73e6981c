"""Whether a request comes from our own pages."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from settings import settings


def from_our_pages(connection: HTTPConnection) -> bool:
    """Did our own page, or no page at all, send it?

    A browser tells with `Sec-Fetch-Site`, an older one with `Origin`; what sends neither is no browser.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = connection.headers.get("origin")
    return origin is None or origin in (_origin(settings().public_url), _origin(str(connection.url)))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    # A page names its own scheme, also where it opens a WebSocket.
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc}"
