"""Authorization requests, checked to the letter (OpenID Connect Core 3.1.2, RFC 7636), and their responses."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from local.identity_provider.client_registry import Client, ClientRegistry
from local.identity_provider.parameters import Parameters

CODE_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
REQUEST_PARAMETERS: Final = (
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method",
)  # fmt: skip
"""The parameters of a request that the page's form sends again."""


class InvalidClientError(Exception):
    """The client or its redirect URI is not registered: nobody is redirected (RFC 6749, 4.1.2.1)."""


class AuthorizationError(Exception):
    """The request is refused with an error response to the client."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class RedirectionEndpoint:
    """Where the response to a request goes, and what each response repeats."""

    client: Client
    redirect_uri: str
    state: str | None
    issuer: str

    def response_url(self, **parameters: str) -> str:
        """The URL that the browser is redirected to; it names the issuer (RFC 9207)."""
        state = {"state": self.state} if self.state is not None else {}
        separator = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{separator}{urlencode(parameters | state | {'iss': self.issuer})}"


def redirection_endpoint(parameters: Parameters, clients: ClientRegistry, issuer: str) -> RedirectionEndpoint:
    """Where the response to a request goes.

    Raises:
        InvalidClientError: The client is unknown, or the redirect URI isn't one of its own.
    """
    client = clients.get(parameters.values.get("client_id", ""))
    redirect_uri = parameters.values.get("redirect_uri", "")
    if client is None or not client.may_redirect_to(redirect_uri):
        raise InvalidClientError
    return RedirectionEndpoint(client, redirect_uri, parameters.values.get("state"), issuer)


def validate_request(parameters: Parameters, client: Client) -> None:
    """Checks everything that the client can be told about.

    The nonce is optional for public clients, as in OpenID Connect: PKCE protects them, and browser libraries omit it.

    Raises:
        AuthorizationError: The first error.
    """
    values = parameters.values
    prompts = values.get("prompt", "").split()
    checks = (
        (bool(parameters.repeated), "invalid_request", "A parameter is given twice."),
        ("request" in values, "request_not_supported", "Request objects are not supported."),
        ("request_uri" in values, "request_uri_not_supported", "Request objects are not supported."),
        ("registration" in values, "registration_not_supported", "Clients do not register here."),
        ("response_type" not in values, "invalid_request", "response_type is missing."),
        (values.get("response_type") != "code", "unsupported_response_type", "response_type must be code."),
        (values.get("response_mode", "query") != "query", "invalid_request", "response_mode must be query."),
        ("openid" not in values.get("scope", "").split(), "invalid_scope", "scope must hold openid."),
        ("nonce" not in values and not client.is_public, "invalid_request", "nonce is missing."),
        ("code_challenge" not in values, "invalid_request", "code_challenge is missing."),
        (values.get("code_challenge_method") != "S256", "invalid_request", "code_challenge_method must be S256."),
        (
            not CODE_CHALLENGE.fullmatch(values.get("code_challenge", "")),
            "invalid_request",
            "code_challenge is malformed.",
        ),
        ("none" in prompts and len(prompts) > 1, "invalid_request", "prompt contradicts itself."),
        ("none" in prompts, "login_required", "Nobody stays signed in here."),
    )
    for is_wrong, error, description in checks:
        if is_wrong:
            raise AuthorizationError(error, description)
