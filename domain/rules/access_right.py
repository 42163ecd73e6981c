"""Rights to use e-Contracting: granted, changed, revoked (manual 2.1.4)."""

from collections.abc import Sequence

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.clock import NOW
from domain.days import brussels_day
from domain.models import AccessRight, AccessRightRole, AuditAction, Role, User, WorkRelation
from domain.policies.abilities import Ability
from domain.refusals import (
    Findings,
    GivenTwice,
    Required,
    RightGrantedAlready,
    RightRevoked,
    WorkRelationExpired,
)
from domain.rules.access_management import require_managed
from domain.rules.action_release import hold_actions_beside, release_lost
from domain.rules.saving import save_next_version
from domain.rules.standing_right import StandingRight, standing_right, with_roles
from domain.rules.work_relation_period import latest_period
from domain.text_fields import MAX_LONG_TEXT, required_reason, required_text


async def grant_access_right(
    *, actor: Actor, work_relation_id: int | None, roles: Sequence[Role], reason: str
) -> AccessRight:
    """Grants the right on a work relation that runs or is to come.

    Args:
        actor: An access manager of the organisation; for one's own only a legal representative.
        work_relation_id: The work relation's key.
        roles: One or both roles.
        reason: Why.

    Raises:
        NotFound: The actor sees no such work relation.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own.
        Refusals: No role or no reason is given.
        WorkRelationExpired: The work relation is over.
        RightGrantedAlready: There is a right.
    """
    async with actor_transaction(actor) as act:
        relation = await act.find(
            WorkRelation, work_relation_id, visibility.work_relation, "workRelationId", prefetch=Ability.MANAGE_ACCESS
        )
        await require_managed(act, relation, "workRelationId")
        text = _checked(roles, reason)
        return await give_right(act, relation, roles, text)


async def give_right(act: ActorTransaction, relation: WorkRelation, roles: Sequence[Role], reason: str) -> AccessRight:
    """The part of granting that comes after asking who may: also for approving a request.

    Raises:
        WorkRelationExpired: The work relation is over.
        RightGrantedAlready: There is a right.
    """
    period = await latest_period(act, relation)
    if period.valid_until < await act.today():
        raise WorkRelationExpired("workRelationId", last_day=period.valid_until)
    if await standing_right(act, relation.id):
        person = await User.get(id=relation.user_id, using_db=act.database)
        raise RightGrantedAlready("workRelationId", name=person.full_name)
    right = await AccessRight.create(
        work_relation_id=relation.id,
        reason=reason,
        granted_by_id=act.actor.user_id,
        granted_at=await act.now(),
        using_db=act.database,
    )
    await _open_roles(act, right, roles)
    after = {"workRelation": relation.id, "roles": sorted(roles)}
    await act.record(AuditAction.ACCESS_RIGHT_GRANTED, right, relation.organisation_id, after=after, reason=reason)
    return right


async def change_access_right(
    *, actor: Actor, right_id: int | None, version: int, roles: Sequence[Role], reason: str
) -> tuple[AccessRight, list[int]]:
    """Gives a right other roles; gives the keys of the actions that were released, too.

    Args:
        actor: An access manager of the organisation; for one's own only a legal representative.
        right_id: The right's key.
        version: The version that the change was made from.
        roles: All roles that it is to have.
        reason: Why.

    Raises:
        NotFound: The actor sees no such right.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own.
        RightRevoked: It was revoked.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: No role or no reason is given.
    """
    async with actor_transaction(actor) as act:
        right, relation = await _managed_right(act, right_id)
        require_version(right, version)
        text = _checked(roles, reason)
        released = await give_roles(act, await with_roles(act, right), relation, roles, text)
    return right, released


async def give_roles(
    act: ActorTransaction, standing: StandingRight, relation: WorkRelation, roles: Sequence[Role], reason: str
) -> list[int]:
    """The part of changing that comes after asking who may: also for approving a request.

    Args:
        act: The act, which holds the person whose right it is, and the right.
        standing: The right.
        relation: Its work relation.
        roles: All roles that it is to have.
        reason: Why.

    Returns:
        The keys of the actions that were released.
    """
    right, held = standing.right, await hold_actions_beside(act, relation.user_id)
    taken = [row.id for row in standing.rows if row.role not in roles]
    await AccessRightRole.filter(id__in=taken).using_db(act.database).update(valid_to=NOW)
    await _open_roles(act, right, [role for role in roles if role not in standing.roles])
    await save_next_version(act, right, reason=reason)
    await act.record(
        AuditAction.ACCESS_RIGHT_CHANGED,
        right,
        relation.organisation_id,
        before={"roles": sorted(standing.roles)},
        after={"roles": sorted(roles)},
        reason=reason,
    )
    return await release_lost(act, held)


async def revoke_access_right(
    *, actor: Actor, right_id: int | None, version: int, reason: str
) -> tuple[AccessRight, list[int]]:
    """Closes a right, at once; memberships wait for a new one. Gives the keys of the actions that were released, too.

    Args:
        actor: An access manager of the organisation; for one's own only a legal representative.
        right_id: The right's key.
        version: The version that the change was made from.
        reason: Why.

    Raises:
        NotFound: The actor sees no such right.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own.
        RightRevoked: It was revoked before.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: There is no reason.
    """
    async with actor_transaction(actor) as act:
        right, relation = await _managed_right(act, right_id)
        require_version(right, version)
        text, held = required_reason(reason), await hold_actions_beside(act, relation.user_id)
        moment, standing = await act.now(), await with_roles(act, right)
        before = {"roles": sorted(standing.roles)}
        open_rows = AccessRightRole.filter(id__in=[row.id for row in standing.rows])
        await open_rows.using_db(act.database).update(valid_to=moment)
        await save_next_version(act, right, revoked_at=moment, revoked_by_id=actor.user_id, revocation_reason=text)
        await act.record(AuditAction.ACCESS_RIGHT_REVOKED, right, relation.organisation_id, before=before, reason=text)
        released = await release_lost(act, held)
    return right, released


async def _managed_right(act: ActorTransaction, right_id: int | None) -> tuple[AccessRight, WorkRelation]:
    right = await act.find(AccessRight, right_id, visibility.access_right, "id")
    relation = await WorkRelation.get(id=right.work_relation_id, using_db=act.database)
    await require_managed(act, relation, "id")
    if right.revoked_at is not None:
        raise RightRevoked("id", day=brussels_day(right.revoked_at))
    return right, relation


def _checked(roles: Sequence[Role], reason: str) -> str:
    """The reason, when roles and reason are filled in."""
    findings = Findings()
    if not roles:
        findings.add(Required("roles"))
    for place, role in enumerate(roles):
        if role in roles[:place]:
            findings.add(GivenTwice("roles", place, what=role))
    text = required_text(findings, reason, "reason", maximum=MAX_LONG_TEXT, multiline=True)
    findings.raise_if_any()
    return text


async def _open_roles(act: ActorTransaction, right: AccessRight, roles: Sequence[Role]) -> None:
    moment = await act.now()
    rows = [AccessRightRole(access_right_id=right.id, role=role, valid_from=moment) for role in roles]
    await AccessRightRole.bulk_create(rows, using_db=act.database)
