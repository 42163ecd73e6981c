"""The provider's pages: in Dutch, without scripts and without anything from another site."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

_FOLDER: Final = Path(__file__).parent
_TEMPLATES: Final = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)


def page(template: str, *, status: int = 200, form_action: str = "", **context: Any) -> Response:
    """The response with a page.

    Args:
        template: A file of this folder.
        status: The HTTP status.
        form_action: The origin, other than this one, that the page's form may lead to.
        context: The template's variables.
    """
    policy = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {form_action}".strip()
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(**context), status, headers)


async def style(_request: Request) -> Response:
    """Handles `GET /style.css`."""
    return FileResponse(_FOLDER / "style.css", headers={"X-Content-Type-Options": "nosniff"})
