"""The current right on a work relation and its roles (manual 2.1.4); callers authorise the actor."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.actor_transaction import ActorTransaction
from domain.clock import NOW
from domain.models import AccessRight, AccessRightRole, AuditAction, Role, User, WorkRelation
from domain.refusals import RightGrantedAlready, WorkRelationExpired
from domain.rules.action_lock import lock_actions_where_assigned
from domain.rules.action_release import release_lost_among
from domain.rules.saving import save_next_version
from domain.rules.work_relation_period import latest_period


@dataclass(frozen=True)
class CurrentRight:
    """A right that wasn't revoked, with its current roles.

    Attributes:
        right: The right.
        role_rows: The rows of its current roles.
    """

    right: AccessRight
    role_rows: Sequence[AccessRightRole]

    @property
    def roles(self) -> frozenset[Role]:
        """Its current roles."""
        return frozenset({row.role for row in self.role_rows})


async def find_current_right(act: ActorTransaction, work_relation_id: int) -> CurrentRight | None:
    """The current right on a work relation, locked, if there is one; the transaction holds the person's lock."""
    current = AccessRight.filter(work_relation_id=work_relation_id, revoked_at=None).using_db(act.database)
    right = await current.select_for_update(no_key=True).first()
    return await with_roles(act, right) if right else None


async def with_roles(act: ActorTransaction, right: AccessRight) -> CurrentRight:
    """A right with its current roles."""
    role_rows = AccessRightRole.filter(access_right_id=right.id, valid_to=None).using_db(act.database)
    return CurrentRight(right, await role_rows)


async def create_right(
    act: ActorTransaction, relation: WorkRelation, roles: Sequence[Role], reason: str
) -> AccessRight:
    """Grants the right on a work relation that is active or upcoming.

    Raises:
        WorkRelationExpired: The work relation is over.
        RightGrantedAlready: There is a right.
    """
    period = await latest_period(act, relation)
    if period.valid_until < await act.today():
        raise WorkRelationExpired("workRelationId", last_day=period.valid_until)
    if await find_current_right(act, relation.id):
        person = await User.get(id=relation.user_id, using_db=act.database)
        raise RightGrantedAlready("workRelationId", name=person.full_name)
    right = await AccessRight.create(
        work_relation_id=relation.id,
        reason=reason,
        granted_by_id=act.actor.user_id,
        granted_at=await act.now(),
        using_db=act.database,
    )
    await _begin_roles(act, right, roles)
    after = {"workRelation": relation.id, "roles": sorted(roles)}
    await act.record(AuditAction.ACCESS_RIGHT_GRANTED, right, relation.organisation_id, after=after, reason=reason)
    return right


async def set_roles(
    act: ActorTransaction, current: CurrentRight, relation: WorkRelation, roles: Sequence[Role], reason: str
) -> list[int]:
    """Gives a right other roles.

    Args:
        act: The transaction, which holds the locks on the person and the right.
        current: The right.
        relation: Its work relation.
        roles: All roles that it will have.
        reason: Why.

    Returns:
        The keys of the actions that were released.
    """
    right = current.right
    assigned_ids = await lock_actions_where_assigned(act, relation.user_id)
    ending = [row.id for row in current.role_rows if row.role not in roles]
    await AccessRightRole.filter(id__in=ending).using_db(act.database).update(valid_to=NOW)
    await _begin_roles(act, right, [role for role in roles if role not in current.roles])
    await save_next_version(act, right, reason=reason)
    await act.record(
        AuditAction.ACCESS_RIGHT_CHANGED,
        right,
        relation.organisation_id,
        before={"roles": sorted(current.roles)},
        after={"roles": sorted(roles)},
        reason=reason,
    )
    return await release_lost_among(act, assigned_ids)


async def _begin_roles(act: ActorTransaction, right: AccessRight, roles: Sequence[Role]) -> None:
    moment = await act.now()
    rows = [AccessRightRole(access_right_id=right.id, role=role, valid_from=moment) for role in roles]
    await AccessRightRole.bulk_create(rows, using_db=act.database)
