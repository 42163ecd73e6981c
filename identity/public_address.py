"""One address for people: cookies belong to the name that a browser came by, and signing in ends at the set one."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from settings import settings

SENT: Final = "sent"
"""The parameter of an address that somebody was sent to: once is enough, also where a proxy gives us another name."""


def redirect_to_public_address(request: Request) -> Response | None:
    """The way to the same page at `PUBLIC_URL`, for whoever came by another name of ours; None where they can stay.

    Names alone are compared: a cookie knows neither ports nor, as far as it can be sent at all, schemes.

    Args:
        request: One for a page. That its name is one of ours has been seen to before (`ALLOWED_HOSTS`).
    """
    address = settings().public_url
    if SENT in request.query_params or request.url.hostname == urlsplit(address).hostname:
        return None
    same_page = URL(address + request.url.path).replace(query=request.url.query).include_query_params(**{SENT: 1})
    return RedirectResponse(same_page, 307, {"cache-control": "no-store"})
