"""Bearer tokens, for frontends elsewhere and for machines: signed by the identity provider, made for us, alive.

The token tells who calls; what they may do stands in our own tables.
"""

from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError

from domain import enterprise_number
from domain.actor import Actor
from domain.enterprise_number import EnterpriseNumberError
from domain.models import MachineClient, Organisation
from identity.claims import identifier, person_claims
from identity.people import person_of
from identity.provider import provider
from identity.refusals import UnusableClaimsError
from identity.signatures import check_claims, verified
from settings import settings

KINDS: Final = ("at+jwt", "application/at+jwt", "jwt")
OF_ID_TOKENS: Final = ("nonce", "at_hash", "c_hash")
UNKNOWN_ORGANISATION: Final = -1
"""No organisation's key: a token that names one unknown to us narrows its person to nothing."""


class InvalidToken(Exception):  # noqa: N818  # the caller reads it so: error="invalid_token"
    """A bearer token that is not to be believed; the message says why and never holds a claim's value.

    Attributes:
        challenge: What the header `WWW-Authenticate` of the answer 401 says.
    """

    challenge: Final = 'Bearer error="invalid_token"'


async def actor_of_token(token: str) -> Actor:
    """Who calls with this token.

    Raises:
        InvalidToken: It is not the provider's, not for us, not alive, or names nobody whom we know.
        ProviderUnavailableError: The provider's keys can't be had.
    """
    try:
        claims = await _believed(token)
        machine = _machine_name(claims)
        return await (_person(claims) if machine is None else _machine(machine))
    except (JoseError, ValueError) as error:
        raise InvalidToken(getattr(error, "error", type(error).__name__)) from None
    except UnusableClaimsError as error:
        raise InvalidToken(str(error)) from None


async def _believed(token: str) -> Mapping[str, Any]:
    configuration = settings()
    signed = await verified(token, provider().keys)
    check_claims(signed.claims, configuration.oidc_issuer, configuration.token_audience)
    # An ID token says who signed in at the frontend; it is not given to call with, even where the audience is the same.
    if str(signed.header.get("typ", "jwt")).lower() not in KINDS or any(name in signed.claims for name in OF_ID_TOKENS):
        raise InvalidToken("not an access token")
    return signed.claims


def _machine_name(claims: Mapping[str, Any]) -> str | None:
    """The client's name when it calls for itself: then no person is named, and a subject is the client (RFC 9068)."""
    client = identifier(claims, "client_id") or identifier(claims, "azp")
    if client is None or settings().claim_national_number in claims:
        return None
    subjects = {identifier(claims, "sub"), identifier(claims, settings().claim_subject)}
    return client if subjects <= {None, client} else None


async def _machine(client_id: str) -> Actor:
    client = await MachineClient.get_or_none(client_id=client_id, ended_at=None)
    if client is None:
        raise InvalidToken("no such machine client")
    return Actor(authority_id=client.organisation_id, name=client.name)


async def _person(claims: Mapping[str, Any]) -> Actor:
    user = await person_of(person_claims(claims))
    return Actor(user_id=user.id, organisation_id=await _narrowed(claims))


async def _narrowed(claims: Mapping[str, Any]) -> int | None:
    named = identifier(claims, settings().claim_organisation)
    if named is None:
        return None
    try:
        number = enterprise_number.normalised(named)
    except EnterpriseNumberError:
        return UNKNOWN_ORGANISATION
    organisation = await Organisation.get_or_none(enterprise_number=number)
    return UNKNOWN_ORGANISATION if organisation is None else organisation.id
