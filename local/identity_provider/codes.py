"""Authorization codes: good for one use within a minute."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from local.identity_provider.keys import Clock
from local.people import DemoPerson

LIFETIME: Final = 60.0
SCOPE: Final = "openid"
"""The scope that is granted, whatever else is requested."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed a client, and what it must show to get it.

    Attributes:
        client_id: The client.
        redirect_uri: Where the code was sent.
        person: Who signed in.
        scope: What was asked.
        nonce: What ties the ID token to the client's request; None when it sent none.
        challenge: The S256 hash of the verifier that the client must show.
        given_at: When, as Unix time in seconds.
    """

    client_id: str
    redirect_uri: str
    person: DemoPerson
    scope: str
    nonce: str | None
    challenge: str
    given_at: float


@dataclass(slots=True)
class Codes:
    """The codes under way, in memory: a restart forgets them, and a sign-in begins again."""

    clock: Clock
    _grants: dict[str, Grant] = field(default_factory=dict)

    def give(self, grant: Grant) -> str:
        """A code for this grant."""
        self._grants = {code: grant for code, grant in self._grants.items() if self._lives(grant)}
        code = secrets.token_urlsafe(32)
        self._grants[code] = grant
        return code

    def take(self, code: str) -> Grant | None:
        """What the code stands for, once: whoever shows it, rightly or not, has used it up."""
        grant = self._grants.pop(code, None)
        return grant if grant is not None and self._lives(grant) else None

    def _lives(self, grant: Grant) -> bool:
        return self.clock() < grant.given_at + LIFETIME
