"""Refresh tokens of public clients, rotated at each use; reuse revokes the whole family (RFC 9700, 4.14.2)."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from local.identity_provider.authorization_codes import Grant
from local.identity_provider.signing_keys import Clock

LIFETIME: Final = 12 * 3600.0
"""Seconds after the sign-in, however often the tokens were rotated."""


@dataclass(frozen=True, slots=True)
class TokenFamily:
    """The refresh tokens of one sign-in, of which only the newest is valid."""

    grant: Grant
    newest_token: str


@dataclass(slots=True)
class RefreshTokens:
    """The token families, in memory: after a restart people sign in again.

    A token is the family's id and a secret, separated by a dot.
    """

    clock: Clock
    _families: dict[str, TokenFamily] = field(default_factory=dict)

    def issue(self, grant: Grant) -> str:
        """The first refresh token of a sign-in."""
        self._families = {
            family_id: family for family_id, family in self._families.items() if self._is_valid(family.grant)
        }
        return self._issue_next(secrets.token_urlsafe(16), grant)

    def rotate(self, token: str, client_id: str) -> tuple[Grant, str] | None:
        """The grant and the token's successor; None when the token is invalid or not this client's.

        A token used twice has been stolen, and either user may be the thief: the whole family is revoked.
        """
        family_id = token.partition(".")[0]
        family = self._families.pop(family_id, None)
        if family is None or not self._is_valid(family.grant):
            return None
        if family.grant.client_id != client_id:
            return None
        if not secrets.compare_digest(family.newest_token.encode(), token.encode()):
            return None
        return family.grant, self._issue_next(family_id, family.grant)

    def _issue_next(self, family_id: str, grant: Grant) -> str:
        token = f"{family_id}.{secrets.token_urlsafe(32)}"
        self._families[family_id] = TokenFamily(grant, token)
        return token

    def _is_valid(self, grant: Grant) -> bool:
        return self.clock() < grant.granted_at + LIFETIME
