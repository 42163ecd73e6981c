"""Authorization codes: each can be redeemed once, within a minute."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from local.identity_provider.signing_keys import Clock
from local.people import DemoPerson

LIFETIME: Final = 60.0
SCOPE: Final = "openid"
"""The scope that is granted, whatever else is requested."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person authorized a client to get, and what the client must present for it.

    Attributes:
        client_id: The client.
        redirect_uri: Where the code was sent.
        person: Who signed in.
        scope: The scope that was granted.
        nonce: Binds the ID token to the client's request; None when it sent none.
        code_challenge: The S256 hash of the code verifier that the client must present.
        granted_at: When, as Unix time in seconds.
    """

    client_id: str
    redirect_uri: str
    person: DemoPerson
    scope: str
    nonce: str | None
    code_challenge: str
    granted_at: float


@dataclass(slots=True)
class AuthorizationCodes:
    """The codes that can still be redeemed, in memory: a restart forgets them, and people sign in again."""

    clock: Clock
    _grants: dict[str, Grant] = field(default_factory=dict)

    def issue(self, grant: Grant) -> str:
        """A new code for this grant."""
        self._grants = {code: grant for code, grant in self._grants.items() if self._is_valid(grant)}
        code = secrets.token_urlsafe(32)
        self._grants[code] = grant
        return code

    def redeem(self, code: str) -> Grant | None:
        """The grant of a code, once: any client that presents it, even a wrong one, uses it up."""
        grant = self._grants.pop(code, None)
        return grant if grant is not None and self._is_valid(grant) else None

    def _is_valid(self, grant: Grant) -> bool:
        return self.clock() < grant.granted_at + LIFETIME
