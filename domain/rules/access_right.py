"""Rights to use e-Contracting: granted, changed, revoked (manual 2.1.4)."""

from collections.abc import Sequence

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.days import brussels_day
from domain.models import AccessRight, AccessRightRole, AuditAction, Role, WorkRelation
from domain.policies.abilities import Ability
from domain.refusals import Findings, GivenTwice, Required, RightRevoked
from domain.rules.access_management import require_access_management
from domain.rules.action_lock import lock_actions_where_assigned
from domain.rules.action_release import release_lost_among
from domain.rules.current_right import create_right, set_roles, with_roles
from domain.rules.saving import save_next_version
from domain.text_fields import MAX_LONG_TEXT, required_reason, required_text


async def grant_access_right(
    *, actor: Actor, work_relation_id: int | None, roles: Sequence[Role], reason: str
) -> AccessRight:
    """Grants the right on a work relation that is active or upcoming.

    Args:
        actor: An access manager of the organisation; on their own work relation only a legal representative.
        work_relation_id: The work relation's key.
        roles: One or both roles.
        reason: Why.

    Raises:
        NotFound: The actor sees no such work relation.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own.
        Refusals: Roles or reason are missing or invalid.
        WorkRelationExpired: The work relation is over.
        RightGrantedAlready: There is a right.
    """
    async with actor_transaction(actor) as act:
        relation = await act.find(
            WorkRelation, work_relation_id, visibility.work_relation, "workRelationId", prefetch=Ability.MANAGE_ACCESS
        )
        await require_access_management(act, relation, "workRelationId")
        text = _check_roles_and_reason(roles, reason)
        return await create_right(act, relation, roles, text)


async def change_access_right(
    *, actor: Actor, right_id: int | None, version: int, roles: Sequence[Role], reason: str
) -> tuple[AccessRight, list[int]]:
    """Gives a right other roles.

    Args:
        actor: An access manager of the organisation; for their own right only a legal representative.
        right_id: The right's key.
        version: The version that the change was made from.
        roles: All roles that it will have.
        reason: Why.

    Returns:
        The right, and the keys of the actions that were released.

    Raises:
        NotFound: The actor sees no such right.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own.
        RightRevoked: It was revoked.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: Roles or reason are missing or invalid.
    """
    async with actor_transaction(actor) as act:
        right, relation = await _find_managed_right(act, right_id)
        require_version(right, version)
        text = _check_roles_and_reason(roles, reason)
        released = await set_roles(act, await with_roles(act, right), relation, roles, text)
    return right, released


async def revoke_access_right(
    *, actor: Actor, right_id: int | None, version: int, reason: str
) -> tuple[AccessRight, list[int]]:
    """Revokes a right immediately; the memberships stay, and give access again with a new right.

    Args:
        actor: An access manager of the organisation; for their own right only a legal representative.
        right_id: The right's key.
        version: The version that the change was made from.
        reason: Why.

    Returns:
        The right, and the keys of the actions that were released.

    Raises:
        NotFound: The actor sees no such right.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own.
        RightRevoked: It was already revoked.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: The reason is missing or invalid.
    """
    async with actor_transaction(actor) as act:
        right, relation = await _find_managed_right(act, right_id)
        require_version(right, version)
        text = required_reason(reason)
        assigned_ids = await lock_actions_where_assigned(act, relation.user_id)
        current = await with_roles(act, right)
        before = {"roles": sorted(current.roles)}
        moment = await act.now()
        role_rows = AccessRightRole.filter(id__in=[row.id for row in current.role_rows])
        await role_rows.using_db(act.database).update(valid_to=moment)
        await save_next_version(act, right, revoked_at=moment, revoked_by_id=actor.user_id, revocation_reason=text)
        await act.record(AuditAction.ACCESS_RIGHT_REVOKED, right, relation.organisation_id, before=before, reason=text)
        released = await release_lost_among(act, assigned_ids)
    return right, released


async def _find_managed_right(act: ActorTransaction, right_id: int | None) -> tuple[AccessRight, WorkRelation]:
    right = await act.find(AccessRight, right_id, visibility.access_right, "id")
    relation = await WorkRelation.get(id=right.work_relation_id, using_db=act.database)
    await require_access_management(act, relation, "id")
    if right.revoked_at is not None:
        raise RightRevoked("id", day=brussels_day(right.revoked_at))
    return right, relation


def _check_roles_and_reason(roles: Sequence[Role], reason: str) -> str:
    """Checks roles and reason; returns the reason as it is stored.

    Raises:
        Refusals: One for each that is missing or invalid.
    """
    findings = Findings()
    if not roles:
        findings.add(Required("roles"))
    for position, role in enumerate(roles):
        if role in roles[:position]:
            findings.add(GivenTwice("roles", position, what=role))
    text = required_text(findings, reason, "reason", maximum=MAX_LONG_TEXT, multiline=True)
    findings.raise_if_any()
    return text
