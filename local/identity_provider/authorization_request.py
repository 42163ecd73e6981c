"""What a client asks when it sends a person here, checked to the letter (OpenID Connect Core 3.1.2, RFC 7636)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from local.identity_provider.clients import Client
from local.identity_provider.parameters import Parameters

CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
CARRIED: Final = (
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method",
)  # fmt: skip
"""What the page's form carries from the request to the answer."""


class UnanswerableRequestError(Exception):
    """There is no address that the answer could go to, so the person is told on a page."""


class RefusedRequestError(Exception):
    """The client is told what is wrong."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Where the answer to a request goes, whatever it says."""

    client: Client
    redirect_uri: str
    state: str | None
    issuer: str

    def with_answer(self, **answer: str) -> str:
        """The address that the browser is sent back to; it names the issuer (RFC 9207)."""
        state = {"state": self.state} if self.state is not None else {}
        separator = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{separator}{urlencode(answer | state | {'iss': self.issuer})}"


def return_address(asked: Parameters, clients: Mapping[str, Client], issuer: str) -> ReturnAddress:
    """Where to answer.

    Raises:
        UnanswerableRequestError: The client is unknown, or the address isn't one of its own.
    """
    client = clients.get(asked.given.get("client_id", ""))
    redirect_uri = asked.given.get("redirect_uri", "")
    if client is None or not client.may_redirect_to(redirect_uri):
        raise UnanswerableRequestError
    return ReturnAddress(client, redirect_uri, asked.given.get("state"), issuer)


def check(asked: Parameters, client: Client) -> None:
    """Checks all that can be answered to.

    The nonce is optional for public clients, as in OpenID Connect: PKCE protects them, and browser libraries omit it.

    Raises:
        RefusedRequestError: The first thing that is wrong.
    """
    given = asked.given
    prompts = given.get("prompt", "").split()
    faults = (
        (bool(asked.repeated), "invalid_request", "A parameter is given twice."),
        ("request" in given, "request_not_supported", "Request objects are not supported."),
        ("request_uri" in given, "request_uri_not_supported", "Request objects are not supported."),
        ("registration" in given, "registration_not_supported", "Clients do not register here."),
        ("response_type" not in given, "invalid_request", "response_type is missing."),
        (given.get("response_type") != "code", "unsupported_response_type", "response_type must be code."),
        (given.get("response_mode", "query") != "query", "invalid_request", "response_mode must be query."),
        ("openid" not in given.get("scope", "").split(), "invalid_scope", "scope must hold openid."),
        ("nonce" not in given and not client.public, "invalid_request", "nonce is missing."),
        ("code_challenge" not in given, "invalid_request", "code_challenge is missing."),
        (given.get("code_challenge_method") != "S256", "invalid_request", "code_challenge_method must be S256."),
        (not CHALLENGE.fullmatch(given.get("code_challenge", "")), "invalid_request", "code_challenge is malformed."),
        ("none" in prompts and len(prompts) > 1, "invalid_request", "prompt contradicts itself."),
        ("none" in prompts, "login_required", "Nobody stays signed in here."),
    )
    for wrong, error, description in faults:
        if wrong:
            raise RefusedRequestError(error, description)
