"""Signed tokens of the identity provider: which algorithms, which keys, and what every one of them must say."""

from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from identity.cached_document import CachedDocument

ALGORITHMS: Final = ("RS256", "ES256")
# What a header says beside is ignored, as RFC 7515 asks; what it calls critical is not.
_REGISTRY: Final = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
LEEWAY: Final = 30
"""Seconds that the provider's clock and ours may differ."""


async def verified(token: str, keys: CachedDocument[KeySet]) -> jwt.Token:
    """The token's header and claims, once its signature is found to be the provider's.

    An unknown key id has the keys fetched anew: the provider may have changed them.

    Raises:
        ProviderUnavailableError: There are no keys to check with.
        JoseError: It is not signed so; a ValueError, when it is no token at all.
    """
    known = await keys.get()
    try:
        return _decoded(token, known)
    except InvalidKeyIdError:
        return _decoded(token, await keys.newer_than(known))


def _decoded(token: str, keys: KeySet) -> jwt.Token:
    try:
        return jwt.decode(token, keys, registry=_REGISTRY)
    except (TypeError, AttributeError):
        # The library takes a header's values for what they should be.
        raise ValueError("malformed header") from None


def check_claims(claims: Mapping[str, Any], issuer: str, audience: str) -> None:
    """Checks whose token it is, for whom, and that it counts now.

    Raises:
        JoseError: Naming the claim that is missing or wrong.
    """
    registry = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        iat={"essential": True},
    )
    registry.validate(dict(claims))
