"""The routes at /mailbox: the mails in the Maildir, as a person sees them and as they came over the wire."""

import re
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from local.mailbox.maildir import ArrivedMail, arrived_mail, arrived_mails
from local.mailbox.pages import STYLE, list_page, mail_page, not_found_page
from local.mailbox.views import VIEWS, View

# A page of ours may load our stylesheet and its empty icon, and frame a mail; nothing else.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A mail is only displayed: it fetches nothing, runs nothing and sends nothing; its links open in a new window.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}")

Endpoint = Callable[[Request], Response]


def mailbox_routes(folder: Path) -> list[Route]:
    """The routes of the pages about the Maildir at `folder`; they run in threads, since they read the disk."""
    return [
        Route("/mailbox", _list(folder)),
        Route("/mailbox/style.css", _style),
        Route("/mailbox/{key}", _mail(folder)),
        *(Route(f"/mailbox/{{key}}/{name}", _view(folder, view)) for name, view in VIEWS.items()),
    ]


def _list(folder: Path) -> Endpoint:
    def endpoint(request: Request) -> Response:
        page = request.query_params.get("page", "")
        return _page(list_page(arrived_mails(folder), int(page) if PAGE_NUMBER.fullmatch(page) else 1))

    return endpoint


def _mail(folder: Path) -> Endpoint:
    def endpoint(request: Request) -> Response:
        mail = _find_mail(folder, request)
        return _not_found() if mail is None else _page(mail_page(mail, request.query_params.get("view", "html")))

    return endpoint


def _view(folder: Path, view: View) -> Endpoint:
    def endpoint(request: Request) -> Response:
        mail = _find_mail(folder, request)
        content = None if mail is None else view.render(mail)
        if content is None:
            return _not_found()
        return _with_security_headers(Response(content, media_type=view.media_type), MAIL_POLICY)

    return endpoint


def _style(_request: Request) -> Response:
    return _with_security_headers(FileResponse(STYLE), PAGE_POLICY)


def _find_mail(folder: Path, request: Request) -> ArrivedMail | None:
    return arrived_mail(folder, request.path_params["key"])


def _page(html: str) -> Response:
    return _with_security_headers(HTMLResponse(html), PAGE_POLICY)


def _not_found() -> Response:
    return _with_security_headers(HTMLResponse(not_found_page(), status_code=404), PAGE_POLICY)


def _with_security_headers(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
