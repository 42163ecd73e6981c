"""Rights: granted, changed, revoked."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import AccessRight
from domain.rules import access_right as rules
from gql.reading.ids import key_of

if TYPE_CHECKING:
    from gql.schema.access_right import ChangeAccessRightInput, GrantAccessRightInput, RevokeAccessRightInput


async def grant_access_right(actor: Actor, given: "GrantAccessRightInput") -> AccessRight:
    """Grants the right on a work relation."""
    return await rules.grant_access_right(
        actor=actor,
        work_relation_id=key_of("WorkRelation", given.work_relation_id),
        roles=given.roles,
        reason=given.reason,
    )


async def change_access_right(actor: Actor, given: "ChangeAccessRightInput") -> AccessRight:
    """Gives a right other roles."""
    return await rules.change_access_right(
        actor=actor,
        right_id=key_of("AccessRight", given.id),
        version=given.version,
        roles=given.roles,
        reason=given.reason,
    )


async def revoke_access_right(actor: Actor, given: "RevokeAccessRightInput") -> AccessRight:
    """Closes a right, at once."""
    return await rules.revoke_access_right(
        actor=actor, right_id=key_of("AccessRight", given.id), version=given.version, reason=given.reason
    )
