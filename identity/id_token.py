"""The ID token: who signed in at the provider, for us, in this very sign-in (OpenID Connect Core 3.1.3.7)."""

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from identity.cached_document import CachedDocument
from identity.refusals import UntrustedAnswerError
from identity.signatures import LEEWAY, check_claims, verified


async def checked_claims(
    answer: Mapping[str, Any], keys: CachedDocument[KeySet], issuer: str, client_id: str, nonce: str
) -> Mapping[str, Any]:
    """The claims of the ID token in an answer of the token endpoint.

    Raises:
        UntrustedAnswerError: There is none, or it is not to be believed.
        ProviderUnavailableError: There are no keys to check it with.
    """
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise UntrustedAnswerError("no id_token")
    try:
        signed = await verified(token, keys)
        check_claims(signed.claims, issuer, client_id)
        expected = {"nonce": nonce, "client_id": client_id, "access_token": answer.get("access_token")}
        CodeIDToken(signed.claims, signed.header, params=expected).validate(leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise UntrustedAnswerError(_cause(error)) from None
    return signed.claims


def _cause(error: Exception) -> str:
    # The library's descriptions name the claim; none of those that it raises for a token quotes a value of a person's.
    claim = getattr(error, "claim", None)
    return " ".join(str(part) for part in ("id_token", getattr(error, "error", type(error).__name__), claim) if part)
