"""Actions whose assignee lost access: the system releases them, like any other release."""

from collections.abc import Sequence
from typing import Final

from tortoise.expressions import F

from domain.access import ACCESS_THEME_LEVELS
from domain.actor import SYSTEM
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.clock import NOW
from domain.models import Action, ActionStatus, Assignment, AuditAction, DocumentLevel
from domain.rules.action_lock import lock_unfinished_actions

_ASSIGNED: Final = """(
    select a.id, a.assignee_id as user_id, a.contract_id, d.theme_id
    from action a left join document d on d.id = a.document_id
    where {condition} and a.status = 'ASSIGNED'
  ) assigned"""

_WITHOUT_ACCESS: Final = f"""not exists (
    select from ({ACCESS_THEME_LEVELS.replace("{row}", "assigned")}) granted
    where granted.level >= {DocumentLevel.DRAFT.value}
    and (assigned.theme_id is null or granted.theme_id = assigned.theme_id))"""

_LOST: Final = f"""
  select assigned.id from {_ASSIGNED.format(condition="a.id = any($1::bigint[])")} where {_WITHOUT_ACCESS}
  order by assigned.id"""

# The first condition is cheap, and access ends by time only with the period of a work relation.
_LOST_BY_TIME: Final = f"""
  select candidate.id from action candidate
  join contract c on c.id = candidate.contract_id and c.ended_at is null
  where candidate.status = 'ASSIGNED'
  and exists (select from work_relation_period p where p.user_id = candidate.assignee_id
    and p.organisation_id = c.organisation_id and p.valid_until < brussels_today())
  and exists (select from {_ASSIGNED.format(condition="a.id = candidate.id")} where {_WITHOUT_ACCESS})
  order by candidate.id limit $1 for no key update of candidate skip locked"""

_NOTIFY: Final = """
  insert into notification (trigger, organisation_id, contract_id, action_id, released_by_id)
  select 'ACTION_RELEASED', c.organisation_id, c.id, a.id, $2::bigint
  from action a join contract c on c.id = a.contract_id where a.id = any($1::bigint[]) order by a.id
  returning id, organisation_id, action_id"""

BATCH: Final = 50
"""How many actions are released in one transaction when access ended by time."""


async def release_lost_actions(act: ActorTransaction, contract_ids: Sequence[int]) -> list[int]:
    """Releases the assigned actions whose assignee may no longer draft on their theme, in the same transaction.

    Each release closes the assignment and is mailed like any other, without a releaser. Actions on ended contracts are
    not released.

    Args:
        act: The transaction in which access was revoked.
        contract_ids: The keys of the contracts that people may have lost access to.

    Returns:
        The keys of the actions that are open again.
    """
    return await release_lost_among(act, await lock_unfinished_actions(act, contract_ids))


async def release_lost_among(act: ActorTransaction, assigned_ids: Sequence[int]) -> list[int]:
    """The same if the actions were locked before access was revoked.

    Args:
        act: The transaction.
        assigned_ids: The keys of the assigned actions, as the locks (`domain.rules.action_lock`) return them.
    """
    if not assigned_ids:
        return []
    return await _release_lost(act, await act.database.execute_query_dict(_LOST, [assigned_ids]))


async def release_actions_lost_by_time() -> int:
    """Releases the actions of assignees whose last day is over, at most `BATCH` at a time.

    Any number of workers may run it at once: each skips what another has locked.

    Returns:
        How many actions were released; 0 when there is nothing left to release.
    """
    async with actor_transaction(SYSTEM) as act:
        return len(await _release_lost(act, await act.database.execute_query_dict(_LOST_BY_TIME, [BATCH])))


async def _release_lost(act: ActorTransaction, rows: Sequence[dict[str, int]]) -> list[int]:
    if not rows:
        return []
    keys = [row["id"] for row in rows]
    actions = await Action.filter(id__in=keys).order_by("id").using_db(act.database)
    await _release_all(act, actions, AuditAction.ACTION_RELEASED_WITHOUT_ACCESS)
    return keys


async def release(
    act: ActorTransaction, action: Action, audit_action: AuditAction, *, released_by_id: int | None, reason: str | None
) -> None:
    """Releases an assigned action: closes the assignment and notifies those who may take the action.

    Args:
        act: The transaction, in which the action is locked.
        action: The action.
        audit_action: The action's name in the audit log.
        released_by_id: The key of the person who released it, who is not mailed about it.
        reason: The reason, if one was given.
    """
    await _release_all(act, [action], audit_action, released_by_id=released_by_id, reason=reason)


async def _release_all(
    act: ActorTransaction,
    actions: Sequence[Action],
    audit_action: AuditAction,
    *,
    released_by_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Releases actions; the number of statements doesn't depend on how many there are."""
    keys = [action.id for action in actions]
    assignments = Assignment.filter(action_id__in=keys, released_at=None).using_db(act.database)
    await assignments.update(released_at=NOW, released_by_id=released_by_id, release_reason=reason)
    before = [{"assignee": action.assignee_id} for action in actions]
    columns = {"status": ActionStatus.OPEN, "assignee_id": None, "assigned_at": None}
    await Action.filter(id__in=keys).using_db(act.database).update(**columns, version=F("version") + 1)
    for action in actions:
        action.update_from_dict({**columns, "version": action.version + 1})
    notifications = await act.database.execute_query_dict(_NOTIFY, [keys, released_by_id])
    act.notification_ids.extend(row["id"] for row in notifications)
    organisations = {row["action_id"]: row["organisation_id"] for row in notifications}
    entries = [(action, organisations[action.id], state, None) for action, state in zip(actions, before, strict=True)]
    await act.record_all(audit_action, entries, reason=reason)
