"""Redirects from the links in mails to GraphiQL, with the example that shows what the mail is about.

With a separate frontend, the proxy routes `/contracts/…`, `/organisations/…` and `/tasks/…` there, and the rest here. A
mail about something on a contract links to the contract with a parameter: `?document=…`.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gql.start_page import canonical_redirect
from identity.backend import actor_of

EXAMPLE_BY_PLACE: Final = {
    "contracts": "ContractBasicData",
    "organisations": "OrganisationAccess",
    "tasks": "TaskDetail",
    "documents": "DocumentOfMail",
    "messages": "MessageOfMail",
    "actions": "ActionOfMail",
}
"""The example for each kind of page: a query whose only variable is the id."""
PLACE_BY_EXAMPLE: Final = {example: place for place, example in EXAMPLE_BY_PLACE.items()}
ROUTED_PLACES: Final = ("contracts", "organisations", "tasks")
"""The places with a route of their own."""
PLACE_BY_PARAMETER: Final = {"document": "documents", "message": "messages", "action": "actions"}
"""The place that each query parameter refers to."""


def _redirect_endpoint(place: str) -> Callable[[Request], Awaitable[Response]]:
    async def redirect(request: Request) -> Response:
        """`GET /contracts/{id}` and the like; redirects to the sign-in first where nobody is signed in."""
        redirect = canonical_redirect(request)
        if redirect is not None:
            return redirect
        # The page looks the example up by place, so that a link can't run any other operation.
        page = f"/graphql?{urlencode(_parameters(request, place))}"
        actor = await actor_of(request)
        target = page if actor.signed_in else f"/signin?{urlencode({'next': page})}"
        return RedirectResponse(target, 307, {"cache-control": "no-store"})

    return redirect


def _parameters(request: Request, place: str) -> dict[str, str]:
    for name, place_of_parameter in PLACE_BY_PARAMETER.items():
        if name in request.query_params:
            return {"place": place_of_parameter, "id": request.query_params[name]}
    return {"place": place, "id": request.path_params["id"]}


def mail_link_routes() -> list[Route]:
    """The routes of links in mails."""
    return [Route(f"/{place}/{{id}}", _redirect_endpoint(place)) for place in ROUTED_PLACES]
