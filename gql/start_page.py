"""The start page, and the manners that every page of ours has."""

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
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_templates: Final = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), undefined=StrictUndefined, autoescape=True
)


def secured(response: Response, policy: str) -> Response:
    """The page under a content security policy, and with the other headers that browsers heed."""
    response.headers["content-security-policy"] = policy
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["referrer-policy"] = "same-origin"
    return response


def opened_elsewhere(request: Request) -> Response | None:
    """The way to the same page at the set address, for a browser that opens it at another; programs don't name HTML."""
    opens = "text/html" in request.headers.get("accept", "")
    return redirect_to_public_address(request) if opens else None


async def start(request: Request) -> Response:
    """`GET /`: what is where, and who is signed in."""
    elsewhere = opened_elsewhere(request)
    if elsewhere is not None:
        return elsewhere
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
    return secured(HTMLResponse(page, headers={"cache-control": "no-store"}), POLICY)


def page_routes() -> list[Route | Mount]:
    """The start page and what belongs to it."""
    return [
        Route("/", start),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]
