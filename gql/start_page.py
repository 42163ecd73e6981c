"""The start page, and what every page has in common: security headers and the canonical URL."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from domain.models import User
from identity.backend import actor_of
from identity.public_address import redirect_to_public_address
from settings import settings

FOLDER: Final = Path(__file__).parent
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_templates: Final = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), undefined=StrictUndefined, autoescape=True
)


def with_security_headers(response: Response, policy: str) -> Response:
    """The response with a content security policy and the other security headers of pages."""
    response.headers["content-security-policy"] = policy
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["referrer-policy"] = "same-origin"
    return response


def canonical_redirect(request: Request) -> Response | None:
    """A redirect to the page at `PUBLIC_URL`, for a browser that opens it at another address; None for programs."""
    accepts_html = "text/html" in request.headers.get("accept", "")
    return redirect_to_public_address(request) if accepts_html else None


async def start(request: Request) -> Response:
    """`GET /`: what this address offers, and who is signed in."""
    redirect = canonical_redirect(request)
    if redirect is not None:
        return redirect
    actor = await actor_of(request)
    user = await User.get(id=actor.user_id) if actor.user_id else None
    configuration = settings()
    page = _templates.get_template("start.html").render(
        name=f"{user.given_name} {user.family_name}" if user else None,
        demo=configuration.environment == "demo",
        public_url=configuration.public_url,
        helpdesk_address=configuration.helpdesk_address,
        helpdesk_phone=configuration.helpdesk_phone,
    )
    return with_security_headers(HTMLResponse(page, headers={"cache-control": "no-store"}), CONTENT_SECURITY_POLICY)


def page_routes() -> list[Route | Mount]:
    """The routes of the start page and its static files."""
    return [
        Route("/", start),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]
