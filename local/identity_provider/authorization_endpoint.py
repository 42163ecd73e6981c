"""The authorization endpoint: the page where a person of the demo is chosen, and the redirect with a code."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from local.identity_provider.authorization_codes import SCOPE, AuthorizationCodes, Grant
from local.identity_provider.authorization_request import (
    REQUEST_PARAMETERS,
    AuthorizationError,
    InvalidClientError,
    RedirectionEndpoint,
    redirection_endpoint,
    validate_request,
)
from local.identity_provider.client_registry import ClientRegistry
from local.identity_provider.pages import page
from local.identity_provider.parameters import Parameters, parse_form
from local.people import PEOPLE, DemoPerson, persona


@dataclass(frozen=True, slots=True)
class AuthorizationEndpoint:
    """Handles `GET` and `POST /authorize`."""

    issuer: str
    clients: ClientRegistry
    codes: AuthorizationCodes

    async def handle(self, request: Request) -> Response:
        """Shows the people, or redirects to the client with a code or an error."""
        parameters = await _parameters(request)
        try:
            endpoint = redirection_endpoint(parameters, self.clients, self.issuer)
        except InvalidClientError:
            return page("invalid_client.html", status=400)
        try:
            validate_request(parameters, endpoint.client)
        except AuthorizationError as refusal:
            return _redirect(endpoint.response_url(error=refusal.error, error_description=refusal.description))
        person = _chosen_person(request, parameters)
        if person is None:
            return _people_page(parameters, endpoint)
        return _redirect(endpoint.response_url(code=self.codes.issue(self._grant(parameters, endpoint, person))))

    def _grant(self, parameters: Parameters, endpoint: RedirectionEndpoint, person: DemoPerson) -> Grant:
        return Grant(
            client_id=endpoint.client.client_id,
            redirect_uri=endpoint.redirect_uri,
            person=person,
            scope=SCOPE,
            nonce=parameters.values.get("nonce"),
            code_challenge=parameters.values["code_challenge"],
            granted_at=self.codes.clock(),
        )


async def _parameters(request: Request) -> Parameters:
    if request.method == "POST":
        return await parse_form(request)
    return Parameters.from_pairs(request.query_params.multi_items())


def _chosen_person(request: Request, parameters: Parameters) -> DemoPerson | None:
    # Only the page's own form chooses: a URL that chooses would sign people in by a mere link.
    if request.method != "POST":
        return None
    return persona(parameters.values.get("persona", ""))


def _people_page(parameters: Parameters, endpoint: RedirectionEndpoint) -> Response:
    # Browsers apply the policy of a form to every redirect that follows it, so it must allow the client's origin.
    redirect_uri = urlsplit(endpoint.redirect_uri)
    return page(
        "people.html",
        form_action=f"{redirect_uri.scheme}://{redirect_uri.netloc}",
        parameters={name: parameters.values[name] for name in REQUEST_PARAMETERS if name in parameters.values},
        people=[person for person in PEOPLE if person.key],
        # A link, not a button: a script that posts all that the form holds must choose a person and nothing else.
        decline_url=endpoint.response_url(error="access_denied", error_description="The person did not sign in."),
    )


def _redirect(url: str) -> Response:
    return RedirectResponse(url, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
