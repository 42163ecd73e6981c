"""Validation of the ID token (OpenID Connect Core 3.1.3.7)."""

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from identity.cached_document import CachedDocument
from identity.refusals import UntrustedResponseError
from identity.signatures import LEEWAY, validate_claims, verify_signature


async def validated_claims(
    response: Mapping[str, Any], keys: CachedDocument[KeySet], issuer: str, client_id: str, nonce: str
) -> Mapping[str, Any]:
    """The claims of the ID token in a response of the token endpoint.

    Raises:
        UntrustedResponseError: There is none, or it is invalid.
        ProviderUnavailableError: There are no keys to verify it with.
    """
    token = response.get("id_token")
    if not isinstance(token, str):
        raise UntrustedResponseError("no id_token")
    try:
        verified = await verify_signature(token, keys)
        validate_claims(verified.claims, issuer, client_id)
        expected = {"nonce": nonce, "client_id": client_id, "access_token": response.get("access_token")}
        CodeIDToken(verified.claims, verified.header, params=expected).validate(leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise UntrustedResponseError(_describe(error)) from None
    return verified.claims


def _describe(error: Exception) -> str:
    # The library's descriptions name the claim; none of those that it raises for a token quotes a value of a person's.
    claim = getattr(error, "claim", None)
    return " ".join(str(part) for part in ("id_token", getattr(error, "error", type(error).__name__), claim) if part)
