"""Grants, changes and revocations of rights, from their current version."""

from typing import Any

from domain.models import AccessRight, AccessRightRole, Role, WorkRelation
from domain.rules.access_right import change_access_right, grant_access_right, revoke_access_right
from tests.access_cast import Cast


async def grant(cast: Cast, relation: WorkRelation, who: str = "manager", **arguments: Any) -> AccessRight:
    defaults = {"roles": [Role.ADMINISTRATOR, Role.USER], "reason": "Volgt de werf op"} | arguments
    return await grant_access_right(actor=cast.actors[who], work_relation_id=relation.id, **defaults)


async def change(cast: Cast, right: AccessRight, who: str = "manager", **arguments: Any) -> AccessRight:
    current = await AccessRight.get(id=right.id)
    defaults = {"roles": [Role.USER], "reason": "Andere taken"} | arguments
    changed, _ = await change_access_right(
        actor=cast.actors[who], right_id=right.id, version=current.version, **defaults
    )
    return changed


async def revoke(
    cast: Cast, right: AccessRight, who: str = "manager", *, reason: str = "Andere functie"
) -> AccessRight:
    current = await AccessRight.get(id=right.id)
    revoked, _ = await revoke_access_right(
        actor=cast.actors[who], right_id=right.id, version=current.version, reason=reason
    )
    return revoked


async def open_roles(right: AccessRight) -> set[Role]:
    """The roles that the right has now."""
    return {row.role for row in await AccessRightRole.filter(access_right_id=right.id, valid_to=None)}
