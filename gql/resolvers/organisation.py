"""Organisations: look-up by enterprise number, and the e-mail address."""

from typing import TYPE_CHECKING, Final

from tortoise.models import Model

from domain import visibility
from domain.actor import Actor
from domain.enterprise_number import EnterpriseNumberError, EnterpriseNumberFault, normalised
from domain.models import Organisation
from domain.rules import organisation as rules
from domain.where import Where
from gql.context import Context
from gql.reading.faults import EnterpriseNumberChecksumWrong, EnterpriseNumberMalformed
from gql.reading.ids import key_of
from gql.resolvers.optional_fields import or_unchanged

if TYPE_CHECKING:
    from gql.schema.organisation import SetOrganisationEmailInput

_REFUSALS: Final = {
    EnterpriseNumberFault.FORMAT: EnterpriseNumberMalformed,
    EnterpriseNumberFault.CHECK_DIGITS: EnterpriseNumberChecksumWrong,
}
"""The refusal of a number, by its fault."""


def parsed_enterprise_number(text: str) -> str:
    """An enterprise number in any usual notation, as it is stored.

    Raises:
        BadArgument: It is no enterprise number.
    """
    try:
        return normalised(text)
    except EnterpriseNumberError as fault:
        raise _REFUSALS[fault.reason] from None


async def organisation(context: Context, enterprise_number: str) -> Model | None:
    """The organisation with a number in any usual notation, or None when the viewer sees none.

    Raises:
        BadArgument: It is no enterprise number.
    """
    number = parsed_enterprise_number(enterprise_number)
    visible = Where(visibility.organisation, await context.loaders.standing())
    return await Organisation.filter(visible, enterprise_number=number).first()


async def set_organisation_email(actor: Actor, input: "SetOrganisationEmailInput") -> Organisation:
    """Sets or empties the organisation's e-mail address."""
    return await rules.set_organisation_email(
        actor=actor,
        organisation_id=key_of("Organisation", input.id),
        version=input.version,
        email=or_unchanged(input.email),
    )
