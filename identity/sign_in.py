"""A sign-in in progress: the secrets that bind the provider's response to this browser, encrypted in a cookie."""

import hmac
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Final, Self

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey

from identity.refusals import SignInLostError
from settings import decoded_key, settings

LIFETIME: Final = 600
"""Seconds that a sign-in may take at the provider."""
_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}
_REGISTRY: Final = JWERegistry(algorithms=list(_HEADER.values()))


@dataclass(frozen=True, slots=True)
class SignIn:
    """The secrets of one sign-in.

    Attributes:
        state: Returned with the response, so that no other site can finish the sign-in.
        nonce: Contained in the ID token, so that no other sign-in's token fits.
        verifier: The code verifier (PKCE).
        next: The local path to redirect to.
    """

    state: str
    nonce: str
    verifier: str
    next: str

    @classmethod
    def start(cls, next_path: str) -> Self:
        """A new sign-in, which ends at this path."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), next_path)

    @classmethod
    def from_cookie(cls, cookie: str | None) -> Self:
        """The sign-in in a cookie.

        Raises:
            SignInLostError: There is none, it has expired, or it isn't ours.
        """
        if cookie is None:
            raise SignInLostError("no cookie")
        try:
            claims = jwt.decode(cookie, _key(), registry=_REGISTRY).claims
            jwt.JWTClaimsRegistry(exp={"essential": True}).validate(claims)
            return cls(**{name: claims[name] for name in cls.__slots__})
        except (JoseError, ValueError, KeyError) as error:
            raise SignInLostError(type(error).__name__) from None

    def to_cookie(self) -> str:
        """The value of the cookie."""
        return jwt.encode(_HEADER, asdict(self) | {"exp": int(time.time()) + LIFETIME}, _key(), registry=_REGISTRY)

    def check_state(self, state: str | None) -> None:
        """Checks that a response is this sign-in's.

        Raises:
            SignInLostError: It is another one's.
        """
        if not hmac.compare_digest(self.state.encode(), (state or "").encode(errors="replace")):
            raise SignInLostError("another state")


def _key() -> OctKey:
    return OctKey.import_key(decoded_key(settings().sign_in_key))
