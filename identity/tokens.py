"""Bearer tokens, for frontends elsewhere and for machines: signed by the identity provider, for us, not expired.

The token identifies the caller; permissions are in our own tables.
"""

from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError

from domain import enterprise_number
from domain.actor import Actor
from domain.enterprise_number import EnterpriseNumberError
from domain.models import MachineClient, Organisation
from identity.claims import identifier, person_claims
from identity.people import get_or_create_user
from identity.provider import provider
from identity.refusals import UnusableClaimsError
from identity.signatures import validate_claims, verify_signature
from settings import settings

ACCESS_TOKEN_TYPES: Final = ("at+jwt", "application/at+jwt", "jwt")
ID_TOKEN_CLAIMS: Final = ("nonce", "at_hash", "c_hash")
UNKNOWN_ORGANISATION: Final = -1
"""No organisation's key: a token that names an unknown organisation gives access to nothing."""


class InvalidToken(Exception):  # noqa: N818  # the caller reads it so: error="invalid_token"
    """A bearer token is invalid; the message says why and never holds a claim's value.

    Attributes:
        challenge: The header `WWW-Authenticate` of the 401 response.
    """

    challenge: Final = 'Bearer error="invalid_token"'


async def actor_of_token(token: str) -> Actor:
    """The actor that a token identifies.

    Raises:
        InvalidToken: It is not the provider's, not for our audience, expired, or of an unknown subject.
        ProviderUnavailableError: The provider's keys can't be fetched.
    """
    try:
        claims = await _validated_claims(token)
        client_id = _client_id(claims)
        return await (_person_actor(claims) if client_id is None else _machine_actor(client_id))
    except (JoseError, ValueError) as error:
        raise InvalidToken(getattr(error, "error", type(error).__name__)) from None
    except UnusableClaimsError as error:
        raise InvalidToken(str(error)) from None


async def _validated_claims(token: str) -> Mapping[str, Any]:
    configuration = settings()
    verified = await verify_signature(token, provider().keys)
    validate_claims(verified.claims, configuration.oidc_issuer, configuration.token_audience)
    # An ID token identifies who signed in at the frontend; it is no access token, even with the same audience.
    if str(verified.header.get("typ", "jwt")).lower() not in ACCESS_TOKEN_TYPES or any(
        name in verified.claims for name in ID_TOKEN_CLAIMS
    ):
        raise InvalidToken("not an access token")
    return verified.claims


def _client_id(claims: Mapping[str, Any]) -> str | None:
    """The client's id when it calls for itself: then no person is named, and the subject is the client (RFC 9068)."""
    client = identifier(claims, "client_id") or identifier(claims, "azp")
    if client is None or settings().claim_national_number in claims:
        return None
    subjects = {identifier(claims, "sub"), identifier(claims, settings().claim_subject)}
    return client if subjects <= {None, client} else None


async def _machine_actor(client_id: str) -> Actor:
    client = await MachineClient.get_or_none(client_id=client_id, ended_at=None)
    if client is None:
        raise InvalidToken("no such machine client")
    return Actor(authority_id=client.organisation_id, name=client.name)


async def _person_actor(claims: Mapping[str, Any]) -> Actor:
    user = await get_or_create_user(person_claims(claims))
    return Actor(user_id=user.id, organisation_id=await _organisation_id(claims))


async def _organisation_id(claims: Mapping[str, Any]) -> int | None:
    claim = identifier(claims, settings().claim_organisation)
    if claim is None:
        return None
    try:
        number = enterprise_number.normalised(claim)
    except EnterpriseNumberError:
        return UNKNOWN_ORGANISATION
    organisation = await Organisation.get_or_none(enterprise_number=number)
    return UNKNOWN_ORGANISATION if organisation is None else organisation.id
