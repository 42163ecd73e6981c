"""The tokens that the provider signs: ID tokens, which tell a client who signed in, and access tokens for the API."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from authlib.oidc.core.util import create_half_hash
from joserfc import jwt

from local.identity_provider.authorization_codes import Grant
from local.identity_provider.signing_keys import Clock, KeyRing
from local.people import DemoPerson

AUDIENCE: Final = "econtracting"
ID_TOKEN_SECONDS: Final = 300
ACCESS_TOKEN_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Makes the token responses of an issuer (RFC 6749, 5.1), with tokens signed by the current key of its key ring."""

    issuer: str
    keys: KeyRing
    clock: Clock

    def for_code(self, grant: Grant) -> dict[str, Any]:
        """The response to an authorization code."""
        response = self.for_refresh_token(grant)
        return response | {"id_token": self._id_token(grant, response["access_token"])}

    def for_refresh_token(self, grant: Grant) -> dict[str, Any]:
        """The response to a refresh token: without an ID token."""
        claims = {"sub": grant.person.subject, "scope": grant.scope} | _person_claims(grant.person)
        return _token_response(self._access_token(grant.client_id, claims)) | {"scope": grant.scope}

    def for_client_credentials(self, client_id: str) -> dict[str, Any]:
        """The response to a client that acts for itself."""
        return _token_response(self._access_token(client_id, {"sub": client_id}))

    def _access_token(self, client_id: str, claims: dict[str, Any]) -> str:
        claims = claims | {"aud": AUDIENCE, "client_id": client_id, "jti": secrets.token_urlsafe(16)}
        return self._sign(claims, ACCESS_TOKEN_SECONDS, "at+jwt")

    def _id_token(self, grant: Grant, access_token: str) -> str:
        claims = {
            "sub": grant.person.subject,
            "aud": grant.client_id,
            "at_hash": create_half_hash(access_token, self.keys.current.alg).decode(),
            "auth_time": int(grant.granted_at),
        }
        nonce = {} if grant.nonce is None else {"nonce": grant.nonce}
        return self._sign(claims | nonce | _person_claims(grant.person), ID_TOKEN_SECONDS, "JWT")

    def _sign(self, claims: dict[str, Any], lifetime: int, token_type: str) -> str:
        key, now = self.keys.current, int(self.clock())
        header = {"alg": str(key.alg), "kid": str(key.kid), "typ": token_type}
        registered_claims = {"iss": self.issuer, "iat": now, "exp": now + lifetime}
        return jwt.encode(header, registered_claims | claims, key, [header["alg"]])


def _person_claims(person: DemoPerson) -> dict[str, str]:
    return {
        "vo_id": person.subject,
        "rrn": person.national_number,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }


def _token_response(access_token: str) -> dict[str, Any]:
    return {"access_token": access_token, "token_type": "Bearer", "expires_in": ACCESS_TOKEN_SECONDS}
