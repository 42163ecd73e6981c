"""The clients that the demo provider knows, and how they prove who they are at its token endpoint."""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from local.identity_provider.protocol_error import ProtocolError

AUTHORITY_SECRET = "demo"  # noqa: S105  # published with the demo, which only listens on the loopback
LOOPBACK_ORIGIN: Final = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::[1-9][0-9]{0,4})?")
"""Origins of pages served from this machine, on any port (RFC 8252, 7.3)."""
FRONTEND_PATHS: Final = ("/", "/callback")


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client.

    Attributes:
        client_id: Its name.
        secret: What it authenticates with; None for a public client, such as a page, which can keep no secret.
        grants: The grant types that it may use.
        redirects: The registered redirect URIs, compared exactly.
        loopback_paths: The paths, compared exactly, of redirect URIs on any port of this machine.
    """

    client_id: str
    secret: str | None
    grants: frozenset[str]
    redirects: tuple[str, ...] = ()
    loopback_paths: tuple[str, ...] = ()

    @property
    def public(self) -> bool:
        """Whether it has no secret, so that anybody can use its name."""
        return self.secret is None

    def may_redirect_to(self, address: str) -> bool:
        """Whether this is one of its redirect URIs."""
        if address in self.redirects:
            return True
        origin = LOOPBACK_ORIGIN.match(address)
        return origin is not None and address[origin.end() :] in self.loopback_paths

    def authenticates(self, secret: str | None) -> bool:
        """Whether this is its secret; a public client must send none."""
        if self.secret is None or secret is None:
            return self.secret is secret
        return hmac.compare_digest(self.secret.encode(), secret.encode())


def registered(redirects: tuple[str, ...], secret: str) -> Mapping[str, Client]:
    """The clients of the demo by name: the application, the authority's machine, and pages on another origin."""
    application = Client("econtracting", secret, frozenset({"authorization_code"}), redirects)
    machine = Client("authority", AUTHORITY_SECRET, frozenset({"client_credentials"}))
    pages = Client("frontend", None, frozenset({"authorization_code", "refresh_token"}), loopback_paths=FRONTEND_PATHS)
    return {client.client_id: client for client in (application, machine, pages)}


def authenticated(clients: Mapping[str, Client], authorization: str | None, form: Mapping[str, str]) -> Client:
    """The client that a request to the token endpoint comes from (RFC 6749, 2.3.1).

    Args:
        clients: Those registered.
        authorization: The header, for `client_secret_basic`.
        form: The body, for `client_secret_post`; a public client sends its name alone.

    Raises:
        ProtocolError: It used both ways, or proved nothing.
    """
    if authorization is not None and "client_secret" in form:
        raise ProtocolError("invalid_request", "The client authenticates in two ways at once.")
    name, secret = _basic(authorization) if authorization is not None else _posted(form)
    client = clients.get(name)
    if client is None or not client.authenticates(secret):
        raise ProtocolError("invalid_client", "The client is unknown or its secret is wrong.", status=401)
    if form.get("client_id", name) != name:
        raise ProtocolError("invalid_request", "The client gives two names.")
    return client


def _posted(form: Mapping[str, str]) -> tuple[str, str | None]:
    return form.get("client_id", ""), form.get("client_secret")


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, credentials = authorization.partition(" ")
    try:
        name, _, secret = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")
