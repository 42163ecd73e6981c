"""Where the links in mails lead: to GraphiQL, with the example that shows what the mail is about.

A frontend of its own takes these addresses over: its proxy sends `/contracts/…`, `/organisations/…` and `/tasks/…`
there, and the rest here. What a mail tells of on a contract stands behind the contract's: `?document=…`.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gql.start_page import canonical_redirect
from identity.backend import actor_of

SHOWN_BY: Final = {
    "contracts": "ContractBasicData",
    "organisations": "OrganisationAccess",
    "tasks": "TaskDetail",
    "documents": "DocumentOfMail",
    "messages": "MessageOfMail",
    "actions": "ActionOfMail",
}
"""The example that shows what is at each place: a query whose one variable is the id."""
PLACES: Final = {example: place for place, example in SHOWN_BY.items()}
ROUTED: Final = ("contracts", "organisations", "tasks")
"""The places that have an address."""
ABOUT: Final = {"document": "documents", "message": "messages", "action": "actions"}
"""The places of what an address names besides."""


def _endpoint_of(place: str) -> Callable[[Request], Awaitable[Response]]:
    async def redirect(request: Request) -> Response:
        """`GET /contracts/{id}` and the like; who isn't signed in does that first."""
        redirect = canonical_redirect(request)
        if redirect is not None:
            return redirect
        # The page knows the example by the place: an address can name no other operation.
        page = f"/graphql?{urlencode(_parameters(request, place))}"
        actor = await actor_of(request)
        target = page if actor.signed_in else f"/signin?{urlencode({'next': page})}"
        return RedirectResponse(target, 307, {"cache-control": "no-store"})

    return redirect


def _parameters(request: Request, place: str) -> dict[str, str]:
    for name, of_about in ABOUT.items():
        if name in request.query_params:
            return {"place": of_about, "id": request.query_params[name]}
    return {"place": place, "id": request.path_params["id"]}


def mail_link_routes() -> list[Route]:
    """The addresses in mails."""
    return [Route(f"/{place}/{{id}}", _endpoint_of(place)) for place in ROUTED]
