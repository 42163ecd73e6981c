"""Verification of the provider's signed tokens: algorithms, keys and registered claims."""

from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from identity.cached_document import CachedDocument

ALGORITHMS: Final = ("RS256", "ES256")
# Unknown header parameters are ignored, as RFC 7515 requires, except critical ones.
_REGISTRY: Final = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
LEEWAY: Final = 30
"""Seconds that the provider's clock and ours may differ."""


async def verify_signature(token: str, keys: CachedDocument[KeySet]) -> jwt.Token:
    """The token's header and claims, with a valid signature of the provider.

    On an unknown key id the keys are fetched again: the provider may have rotated them.

    Raises:
        ProviderUnavailableError: There are no keys to verify with.
        JoseError: The signature is invalid; a ValueError when it is no token at all.
    """
    current = await keys.get()
    try:
        return _decode(token, current)
    except InvalidKeyIdError:
        return _decode(token, await keys.refresh(current))


def _decode(token: str, keys: KeySet) -> jwt.Token:
    try:
        return jwt.decode(token, keys, registry=_REGISTRY)
    except (TypeError, AttributeError):
        # The library doesn't check the types of header parameters.
        raise ValueError("malformed header") from None


def validate_claims(claims: Mapping[str, Any], issuer: str, audience: str) -> None:
    """Validates the issuer, the audience and the times of a token.

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
