"""The provider's pages: Dutch, without scripts, with nothing from elsewhere."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

_FOLDER: Final = Path(__file__).parent
_TEMPLATES: Final = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)


def page(name: str, *, status: int = 200, form_action: str = "", **facts: Any) -> Response:
    """The page that a template of this folder makes.

    Args:
        name: The template's file.
        status: The HTTP status.
        form_action: Where else than here the page's form may lead, as an origin.
        facts: What the template shows.
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
    return HTMLResponse(_TEMPLATES.get_template(name).render(**facts), status, headers)


async def style(_request: Request) -> Response:
    """Answers `GET /style.css`."""
    return FileResponse(_FOLDER / "style.css", headers={"X-Content-Type-Options": "nosniff"})
