"""The clients that the demo provider knows, and how they prove who they are at its token endpoint."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from local.identity_provider.protocol_error import ProtocolError

AUTHORITY_SECRET = "demo"  # noqa: S105  # published with the demo, which only listens on the loopback


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client.

    Attributes:
        client_id: Its name.
        secret: What it proves itself with.
        grants: The grant types that it may use.
        redirects: The addresses, compared exactly, that people may be sent back to.
    """

    client_id: str
    secret: str
    grants: frozenset[str]
    redirects: tuple[str, ...] = ()


def registered(redirects: tuple[str, ...], secret: str) -> Mapping[str, Client]:
    """The two clients of the demo by name: the application itself, and the contracting authority's machine."""
    application = Client("econtracting", secret, frozenset({"authorization_code"}), redirects)
    machine = Client("authority", AUTHORITY_SECRET, frozenset({"client_credentials"}))
    return {client.client_id: client for client in (application, machine)}


def authenticated(clients: Mapping[str, Client], authorization: str | None, form: Mapping[str, str]) -> Client:
    """The client that a request to the token endpoint comes from (RFC 6749, 2.3.1).

    Args:
        clients: Those registered.
        authorization: The header, for `client_secret_basic`.
        form: The body, for `client_secret_post`.

    Raises:
        ProtocolError: It used both ways, or proved nothing.
    """
    if authorization is not None and "client_secret" in form:
        raise ProtocolError("invalid_request", "The client authenticates in two ways at once.")
    name, secret = _basic(authorization) if authorization is not None else _posted(form)
    client = clients.get(name)
    if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
        raise ProtocolError("invalid_client", "The client is unknown or its secret is wrong.", status=401)
    if form.get("client_id", name) != name:
        raise ProtocolError("invalid_request", "The client gives two names.")
    return client


def _posted(form: Mapping[str, str]) -> tuple[str, str]:
    return form.get("client_id", ""), form.get("client_secret", "")


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, credentials = authorization.partition(" ")
    try:
        name, _, secret = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")
