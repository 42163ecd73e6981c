"""The tokens that the provider signs: who signed in, for the client; what may be called with, for the API."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from authlib.oidc.core.util import create_half_hash
from joserfc import jwt

from local.identity_provider.codes import Grant
from local.identity_provider.keys import Clock, KeyRing
from local.people import DemoPerson

AUDIENCE: Final = "econtracting"
ID_TOKEN_SECONDS: Final = 300
ACCESS_TOKEN_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class TokenMaker:
    """Signs with the ring's key in the issuer's name."""

    issuer: str
    keys: KeyRing
    clock: Clock

    def for_person(self, grant: Grant) -> dict[str, Any]:
        """What the token endpoint answers to a code."""
        answer = self.renewed(grant)
        return answer | {"id_token": self._id_token(grant, answer["access_token"])}

    def renewed(self, grant: Grant) -> dict[str, Any]:
        """The response to a refresh token: without an ID token."""
        claims = {"sub": grant.person.subject, "scope": grant.scope} | _claims(grant.person)
        return _answer(self._access_token(grant.client_id, claims)) | {"scope": grant.scope}

    def for_machine(self, client_id: str) -> dict[str, Any]:
        """What the token endpoint answers to a client that comes for itself."""
        return _answer(self._access_token(client_id, {"sub": client_id}))

    def _access_token(self, client_id: str, claims: dict[str, Any]) -> str:
        claims = claims | {"aud": AUDIENCE, "client_id": client_id, "jti": secrets.token_urlsafe(16)}
        return self._signed(claims, ACCESS_TOKEN_SECONDS, "at+jwt")

    def _id_token(self, grant: Grant, access_token: str) -> str:
        half_hash = create_half_hash(access_token, self.keys.signing.alg).decode()
        claims = {
            "sub": grant.person.subject,
            "aud": grant.client_id,
            "at_hash": half_hash,
            "auth_time": int(grant.given_at),
        }
        nonce = {} if grant.nonce is None else {"nonce": grant.nonce}
        return self._signed(claims | nonce | _claims(grant.person), ID_TOKEN_SECONDS, "JWT")

    def _signed(self, claims: dict[str, Any], seconds: int, kind: str) -> str:
        key, now = self.keys.signing, int(self.clock())
        header = {"alg": str(key.alg), "kid": str(key.kid), "typ": kind}
        return jwt.encode(header, {"iss": self.issuer, "iat": now, "exp": now + seconds} | claims, key, [header["alg"]])


def _claims(person: DemoPerson) -> dict[str, str]:
    return {
        "vo_id": person.subject,
        "rrn": person.national_number,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }


def _answer(access_token: str) -> dict[str, Any]:
    return {"access_token": access_token, "token_type": "Bearer", "expires_in": ACCESS_TOKEN_SECONDS}
