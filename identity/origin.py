"""Protection against cross-site requests."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from settings import settings


def is_same_origin(connection: HTTPConnection) -> bool:
    """Does the request come from a page of ours, or from no page at all?

    Browsers send `Sec-Fetch-Site`, older ones `Origin`; a client that sends neither is no browser.
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
