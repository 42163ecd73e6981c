"""The page where a person of the demo is chosen, and the way back with a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from local.identity_provider.authorization_request import (
    CARRIED,
    RefusedRequestError,
    ReturnAddress,
    UnanswerableRequestError,
    check,
    return_address,
)
from local.identity_provider.clients import Client
from local.identity_provider.codes import SCOPE, Codes, Grant
from local.identity_provider.pages import page
from local.identity_provider.parameters import Parameters, form_of
from local.people import PEOPLE, DemoPerson, persona


@dataclass(frozen=True, slots=True)
class AuthorizationEndpoint:
    """Answers `GET` and `POST /authorize`."""

    issuer: str
    clients: Mapping[str, Client]
    codes: Codes

    async def answer(self, request: Request) -> Response:
        """Shows the people, or goes back to the client with a code or a refusal."""
        asked = (
            await form_of(request) if request.method == "POST" else Parameters.of(request.query_params.multi_items())
        )
        try:
            back = return_address(asked, self.clients, self.issuer)
        except UnanswerableRequestError:
            return page("refused.html", status=400)
        try:
            check(asked, back.client)
        except RefusedRequestError as refused:
            return _go(back.with_answer(error=refused.error, error_description=refused.description))
        person = _chosen(request, asked)
        if person is None:
            return _people(asked, back)
        return _go(back.with_answer(code=self.codes.give(self._grant(asked, back, person))))

    def _grant(self, asked: Parameters, back: ReturnAddress, person: DemoPerson) -> Grant:
        return Grant(
            client_id=back.client.client_id,
            redirect_uri=back.redirect_uri,
            person=person,
            scope=SCOPE,
            nonce=asked.given.get("nonce"),
            challenge=asked.given["code_challenge"],
            given_at=self.codes.clock(),
        )


def _chosen(request: Request, asked: Parameters) -> DemoPerson | None:
    # Only the page's own form chooses: an address that chooses would sign people in by a mere link.
    if request.method != "POST":
        return None
    return persona(asked.given.get("persona", ""))


def _people(asked: Parameters, back: ReturnAddress) -> Response:
    carried = {name: asked.given[name] for name in CARRIED if name in asked.given}
    people = [person for person in PEOPLE if person.key]
    # Browsers hold the whole chain of redirects after a form to its policy, so the way back must be in it.
    parts = urlsplit(back.redirect_uri)
    # A link, not a button: a script that posts all that the form holds must choose a person and nothing else.
    declined = back.with_answer(error="access_denied", error_description="The person did not sign in.")
    return page(
        "people.html",
        form_action=f"{parts.scheme}://{parts.netloc}",
        carried=carried,
        people=people,
        declined=declined,
    )


def _go(address: str) -> Response:
    return RedirectResponse(address, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
