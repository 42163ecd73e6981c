"""One host name for people: cookies belong to the host, and sign-ins end at the configured one."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from settings import settings

REDIRECTED: Final = "sent"
"""The query parameter of a redirect: one is enough, also where a proxy passes another host name."""


def redirect_to_public_address(request: Request) -> Response | None:
    """A redirect to the same page at `PUBLIC_URL` for a request to another host name of ours; otherwise None.

    Only host names are compared: cookies ignore ports and, where they are sent at all, schemes.

    Args:
        request: A request for a page, whose host name has been checked against `ALLOWED_HOSTS`.
    """
    public_url = settings().public_url
    if REDIRECTED in request.query_params or request.url.hostname == urlsplit(public_url).hostname:
        return None
    same_page = (
        URL(public_url + request.url.path).replace(query=request.url.query).include_query_params(**{REDIRECTED: 1})
    )
    return RedirectResponse(same_page, 307, {"cache-control": "no-store"})
