"""The routes at /mailbox: what arrived in the Maildir, as a person sees it and as it came over the wire."""

import re
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from local.mailbox.faces import FACES
from local.mailbox.maildir import ArrivedMail, arrived_mail, arrived_mails
from local.mailbox.pages import STYLE, list_page, mail_page, missing_page

# What a page of ours may do: show our style and its empty icon, and frame a mail; nothing else.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What a mail may do: be shown. It fetches nothing, runs nothing and sends nothing; its links open in a new window.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}")

Answer = Callable[[Request], Response]


def mailbox_routes(folder: Path) -> list[Route]:
    """The routes of the pages about the Maildir at `folder`; they wait for the disk in threads of their own."""
    return [
        Route("/mailbox", _list(folder)),
        Route("/mailbox/style.css", _style),
        Route("/mailbox/{key}", _mail(folder)),
        *(Route(f"/mailbox/{{key}}/{name}", _face(folder, name)) for name in FACES),
    ]


def _list(folder: Path) -> Answer:
    def answer(request: Request) -> Response:
        asked = request.query_params.get("page", "")
        return _page(list_page(arrived_mails(folder), int(asked) if PAGE_NUMBER.fullmatch(asked) else 1))

    return answer


def _mail(folder: Path) -> Answer:
    def answer(request: Request) -> Response:
        mail = _asked(folder, request)
        return _missing() if mail is None else _page(mail_page(mail, request.query_params.get("face", "html")))

    return answer


def _face(folder: Path, name: str) -> Answer:
    def answer(request: Request) -> Response:
        mail = _asked(folder, request)
        shown = None if mail is None else FACES[name].show(mail)
        if shown is None:
            return _missing()
        return _guarded(Response(shown, media_type=FACES[name].media_type), MAIL_POLICY)

    return answer


def _style(_request: Request) -> Response:
    return _guarded(FileResponse(STYLE), PAGE_POLICY)


def _asked(folder: Path, request: Request) -> ArrivedMail | None:
    return arrived_mail(folder, request.path_params["key"])


def _page(text: str) -> Response:
    return _guarded(HTMLResponse(text), PAGE_POLICY)


def _missing() -> Response:
    return _guarded(HTMLResponse(missing_page(), status_code=404), PAGE_POLICY)


def _guarded(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
