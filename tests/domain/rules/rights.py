"""Granting, changing and revoking from the newest version."""

from typing import Any

from domain.models import AccessRight, AccessRightRole, Role, WorkRelation
from domain.rules.access_right import change_access_right, grant_access_right, revoke_access_right
from tests.access_cast import Cast


async def grant(cast: Cast, relation: WorkRelation, who: str = "manager", **given: Any) -> AccessRight:
    filled = {"roles": [Role.ADMINISTRATOR, Role.USER], "reason": "Volgt de werf op"} | given
    return await grant_access_right(actor=cast.actors[who], work_relation_id=relation.id, **filled)


async def change(cast: Cast, right: AccessRight, who: str = "manager", **given: Any) -> AccessRight:
    newest = await AccessRight.get(id=right.id)
    filled = {"roles": [Role.USER], "reason": "Andere taken"} | given
    changed, _ = await change_access_right(actor=cast.actors[who], right_id=right.id, version=newest.version, **filled)
    return changed


async def revoke(
    cast: Cast, right: AccessRight, who: str = "manager", *, reason: str = "Andere functie"
) -> AccessRight:
    newest = await AccessRight.get(id=right.id)
    revoked, _ = await revoke_access_right(
        actor=cast.actors[who], right_id=right.id, version=newest.version, reason=reason
    )
    return revoked


async def open_roles(right: AccessRight) -> set[Role]:
    """The roles that the right has now."""
    return {row.role for row in await AccessRightRole.filter(access_right_id=right.id, valid_to=None)}
