"""Rights: granted, changed, revoked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import AccessRight
from domain.rules import access_right as rules
from gql.reading.ids import key_of
from gql.resolvers.access_changes import released_actions
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.access_right import ChangeAccessRightInput, GrantAccessRightInput, RevokeAccessRightInput


async def grant_access_right(actor: Actor, input: "GrantAccessRightInput") -> AccessRight:
    """Grants the right on a work relation."""
    return await rules.grant_access_right(
        actor=actor,
        work_relation_id=key_of("WorkRelation", input.work_relation_id),
        roles=input.roles,
        reason=input.reason,
    )


async def change_access_right(actor: Actor, input: "ChangeAccessRightInput") -> PayloadFields:
    """Gives a right other roles."""
    right, released_action_ids = await rules.change_access_right(
        actor=actor,
        right_id=key_of("AccessRight", input.id),
        version=input.version,
        roles=input.roles,
        reason=input.reason,
    )
    return await _payload_fields(actor, right, released_action_ids)


async def revoke_access_right(actor: Actor, input: "RevokeAccessRightInput") -> PayloadFields:
    """Revokes a right immediately."""
    right, released_action_ids = await rules.revoke_access_right(
        actor=actor, right_id=key_of("AccessRight", input.id), version=input.version, reason=input.reason
    )
    return await _payload_fields(actor, right, released_action_ids)


async def _payload_fields(actor: Actor, right: AccessRight, released_action_ids: Sequence[int]) -> PayloadFields:
    return PayloadFields({"right": right, "released_actions": await released_actions(actor, released_action_ids)})
