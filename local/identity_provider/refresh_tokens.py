"""Refresh tokens of public clients: each good for one use, all of one sign-in together (RFC 9700, 4.14.2)."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from local.identity_provider.codes import Grant
from local.identity_provider.keys import Clock

LIFETIME: Final = 12 * 3600.0
"""Seconds after which a person signs in anew, however often the tokens were renewed."""


@dataclass(frozen=True, slots=True)
class TokenFamily:
    """The refresh tokens that came of one sign-in: the newest counts."""

    grant: Grant
    newest: str


@dataclass(slots=True)
class RefreshTokens:
    """Those that count, in memory: a restart forgets them, and people sign in again.

    A token is the family's name and a secret, with a dot between them.
    """

    clock: Clock
    _families: dict[str, TokenFamily] = field(default_factory=dict)

    def begin(self, grant: Grant) -> str:
        """The first refresh token of a sign-in."""
        self._families = {name: family for name, family in self._families.items() if self._is_alive(family.grant)}
        return self._next(secrets.token_urlsafe(16), grant)

    def renew(self, token: str, client_id: str) -> tuple[Grant, str] | None:
        """What was granted, and the token that takes this one's place; None when it isn't good, or not the client's.

        A token that comes a second time was stolen from whoever comes first or last: its whole family ends.
        """
        name = token.partition(".")[0]
        family = self._families.pop(name, None)
        if family is None or not self._is_alive(family.grant):
            return None
        if family.grant.client_id != client_id or not secrets.compare_digest(family.newest.encode(), token.encode()):
            return None
        return family.grant, self._next(name, family.grant)

    def _next(self, name: str, grant: Grant) -> str:
        token = f"{name}.{secrets.token_urlsafe(32)}"
        self._families[name] = TokenFamily(grant, token)
        return token

    def _is_alive(self, grant: Grant) -> bool:
        return self.clock() < grant.given_at + LIFETIME
