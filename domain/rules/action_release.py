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
    where {which} and a.status = 'ASSIGNED'
  ) assigned"""

_WITHOUT_ACCESS: Final = f"""not exists (
    select from ({ACCESS_THEME_LEVELS.replace("{row}", "assigned")}) reached
    where reached.level >= {DocumentLevel.DRAFT.value}
    and (assigned.theme_id is null or reached.theme_id = assigned.theme_id))"""

_LOST: Final = f"""
  select assigned.id from {_ASSIGNED.format(which="a.id = any($1::bigint[])")} where {_WITHOUT_ACCESS}
  order by assigned.id"""

# Time alone ends access only for those who had it through a work relation of which a period is over.
_LOST_BY_TIME: Final = f"""
  select late.id from action late
  join contract c on c.id = late.contract_id and c.ended_at is null
  where late.status = 'ASSIGNED'
  and exists (select from work_relation_period p where p.user_id = late.assignee_id
    and p.organisation_id = c.organisation_id and p.valid_until < brussels_today())
  and exists (select from {_ASSIGNED.format(which="a.id = late.id")} where {_WITHOUT_ACCESS})
  order by late.id limit $1 for no key update of late skip locked"""
_NOTIFY: Final = """
  insert into notification (trigger, organisation_id, contract_id, action_id, released_by_id)
  select 'ACTION_RELEASED', c.organisation_id, c.id, a.id, $2::bigint
  from action a join contract c on c.id = a.contract_id where a.id = any($1::bigint[]) order by a.id
  returning id, organisation_id, action_id"""

BATCH: Final = 50
"""Actions that are released in one transaction where time is the cause."""


async def release_lost_actions(act: ActorTransaction, contract_ids: Sequence[int]) -> list[int]:
    """Releases the assigned actions whose assignee may no longer draft on their theme, in the same transaction.

    Each release closes the assignment and is mailed like any other; it names nobody who released it. Ended contracts
    are left as they are.

    Args:
        act: The transaction, in which access has been taken away.
        contract_ids: The keys of the contracts on which it may have been.

    Returns:
        The keys of the actions that are open again.
    """
    return await release_lost_among(act, await lock_unfinished_actions(act, contract_ids))


async def release_lost_among(act: ActorTransaction, assigned_ids: Sequence[int]) -> list[int]:
    """The same where the actions were locked before access was taken away.

    Args:
        act: The transaction.
        assigned_ids: The keys of the assigned actions, as the locks (`domain.rules.action_lock`) return them.
    """
    if not assigned_ids:
        return []
    return await _release_lost(act, await act.database.execute_query_dict(_LOST, [assigned_ids]))


async def release_actions_lost_by_time() -> int:
    """Releases the actions of assignees whose access ended with a day, a bounded number at a time.

    Any number of workers may do it at once: each skips what another has locked.

    Returns:
        How many actions are open again; 0 when there is nothing left to release.
    """
    async with actor_transaction(SYSTEM) as act:
        return len(await _release_lost(act, await act.database.execute_query_dict(_LOST_BY_TIME, [BATCH])))


async def _release_lost(act: ActorTransaction, lost: Sequence[dict[str, int]]) -> list[int]:
    if not lost:
        return []
    keys = [row["id"] for row in lost]
    actions = await Action.filter(id__in=keys).order_by("id").using_db(act.database)
    await _release(act, actions, AuditAction.ACTION_RELEASED_WITHOUT_ACCESS)
    return keys


async def release(
    act: ActorTransaction, action: Action, audit_action: AuditAction, *, released_by_id: int | None, reason: str | None
) -> None:
    """Opens an assigned action again: the assignment is closed, and whoever may take the action is mailed.

    Args:
        act: The transaction, in which the action is locked.
        action: The action.
        audit_action: What the audit log calls it.
        released_by_id: Who released it, and is not mailed about it.
        reason: Why, if it was said.
    """
    await _release(act, [action], audit_action, released_by_id=released_by_id, reason=reason)


async def _release(
    act: ActorTransaction,
    actions: Sequence[Action],
    audit_action: AuditAction,
    *,
    released_by_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Releases them all in the same number of statements, however many there are."""
    if not actions:
        return
    keys = [action.id for action in actions]
    assignments = Assignment.filter(action_id__in=keys, released_at=None).using_db(act.database)
    await assignments.update(released_at=NOW, released_by_id=released_by_id, release_reason=reason)
    before = [{"assignee": action.assignee_id} for action in actions]
    released = {"status": ActionStatus.OPEN, "assignee_id": None, "assigned_at": None}
    await Action.filter(id__in=keys).using_db(act.database).update(**released, version=F("version") + 1)
    for action in actions:
        action.update_from_dict({**released, "version": action.version + 1})
    notified = await act.database.execute_query_dict(_NOTIFY, [keys, released_by_id])
    act.notification_ids.extend(row["id"] for row in notified)
    organisations = {row["action_id"]: row["organisation_id"] for row in notified}
    entries = [(action, organisations[action.id], former, None) for action, former in zip(actions, before, strict=True)]
    await act.record_all(audit_action, entries, reason=reason)
