"""The registered clients of the demo provider."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

AUTHORITY_SECRET = "demo"  # noqa: S105  # published with the demo, which only listens on the loopback
LOOPBACK_ORIGIN: Final = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::[1-9][0-9]{0,4})?")
"""Origins of pages served from this machine, on any port (RFC 8252, 7.3)."""
FRONTEND_PATHS: Final = ("/", "/callback")


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client.

    Attributes:
        client_id: Its identifier.
        secret: What it authenticates with; None for a public client, such as a page, which can keep no secret.
        grant_types: The grant types that it may use.
        redirect_uris: The registered redirect URIs, compared exactly.
        loopback_paths: The paths, compared exactly, of redirect URIs on any port of this machine.
    """

    client_id: str
    secret: str | None
    grant_types: frozenset[str]
    redirect_uris: tuple[str, ...] = ()
    loopback_paths: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether it has no secret, so that anybody can use its identifier."""
        return self.secret is None

    def may_redirect_to(self, uri: str) -> bool:
        """Whether this is one of its redirect URIs."""
        if uri in self.redirect_uris:
            return True
        origin = LOOPBACK_ORIGIN.match(uri)
        return origin is not None and uri[origin.end() :] in self.loopback_paths

    def has_secret(self, secret: str | None) -> bool:
        """Whether this is its secret; a public client must send none."""
        if self.secret is None or secret is None:
            return self.secret is secret
        return hmac.compare_digest(self.secret.encode(), secret.encode())


ClientRegistry = Mapping[str, Client]
"""The registered clients by their identifiers."""


def client_registry(redirect_uris: tuple[str, ...], secret: str) -> ClientRegistry:
    """The clients of the demo: the application, the authority's system, and pages on another origin.

    Args:
        redirect_uris: Those of the application.
        secret: The application's.
    """
    application = Client("econtracting", secret, frozenset({"authorization_code"}), redirect_uris)
    machine = Client("authority", AUTHORITY_SECRET, frozenset({"client_credentials"}))
    pages = Client("frontend", None, frozenset({"authorization_code", "refresh_token"}), loopback_paths=FRONTEND_PATHS)
    return {client.client_id: client for client in (application, machine, pages)}
