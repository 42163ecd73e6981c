"""Access mandates: appointments, dismissals, and the address of a mandate."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import AccessMandate
from domain.rules import access_mandate as rules
from domain.rules import mandate_email
from gql.reading.ids import key_of
from gql.resolvers.optional_fields import or_unchanged

if TYPE_CHECKING:
    from gql.schema.access_mandate import AppointAccessManagerInput, DismissAccessManagerInput, SetMandateEmailInput


async def appoint_access_manager(actor: Actor, input: "AppointAccessManagerInput") -> AccessMandate:
    """Appoints the main access manager, or an access manager."""
    return await rules.appoint_access_manager(
        actor=actor,
        organisation_id=key_of("Organisation", input.organisation_id),
        user_id=key_of("User", input.user_id),
        kind=input.kind,
    )


async def dismiss_access_manager(actor: Actor, input: "DismissAccessManagerInput") -> AccessMandate:
    """Ends a mandate."""
    return await rules.dismiss_access_manager(
        actor=actor, mandate_id=key_of("AccessMandate", input.id), reason=input.reason
    )


async def set_mandate_email(actor: Actor, input: "SetMandateEmailInput") -> AccessMandate:
    """Sets or empties the address of a mandate."""
    return await mandate_email.set_mandate_email(
        actor=actor, mandate_id=key_of("AccessMandate", input.id), email=or_unchanged(input.email)
    )
