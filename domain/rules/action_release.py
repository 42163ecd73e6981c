"""Actions whose assignee lost access: the system releases them, like any other release."""

from collections.abc import Sequence
from typing import Final

from tortoise.expressions import F

from domain.access import ACCESS_THEME_LEVELS
from domain.actor import SYSTEM
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.clock import NOW
from domain.models import Action, ActionStatus, Assignment, AuditAction, DocumentLevel

# Open ones too: one that is being assigned meanwhile is waited for, and looked at then.
_UNDONE: Final = """
  select a.id, a.status = 'ASSIGNED' as held
  from action a join contract c on c.id = a.contract_id and c.ended_at is null
  where a.contract_id = any($1::bigint[]) and a.status <> 'DONE' order by a.id for no key update of a"""

# Whoever changes an assignment holds its action.
_NAMING: Final = """
  select from action a where a.assignee_id = $1::bigint
    or a.id in (select x.action_id from assignment x
      where x.user_id = $1::bigint or x.assigned_by_id = $1::bigint or x.released_by_id = $1::bigint)
    or a.status <> 'DONE' and a.contract_id in (select mine.contract_id from action mine
      where mine.status = 'ASSIGNED' and mine.assignee_id in ($1::bigint, $2::bigint))
  order by a.id for no key update of a"""

_HELD: Final = """(
    select a.id, a.assignee_id as user_id, a.contract_id, d.theme_id
    from action a left join document d on d.id = a.document_id
    where {which} and a.status = 'ASSIGNED'
  ) held"""

_WITHOUT_ACCESS: Final = f"""not exists (
    select from ({ACCESS_THEME_LEVELS.replace("{row}", "held")}) reached
    where reached.level >= {DocumentLevel.DRAFT.value}
    and (held.theme_id is null or reached.theme_id = held.theme_id))"""

_LOST: Final = f"""
  select held.id from {_HELD.format(which="a.id = any($1::bigint[])")} where {_WITHOUT_ACCESS} order by held.id"""

# Days alone take access from those who had it through a work relation of which a period is over.
_LOST_BY_TIME: Final = f"""
  select late.id from action late
  join contract c on c.id = late.contract_id and c.ended_at is null
  where late.status = 'ASSIGNED'
  and exists (select from work_relation_period p where p.user_id = late.assignee_id
    and p.organisation_id = c.organisation_id and p.valid_until < brussels_today())
  and exists (select from {_HELD.format(which="a.id = late.id")} where {_WITHOUT_ACCESS})
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

    Each release closes the assignment and is mailed as any release is; nobody released it. Ended contracts are left
    as they are.

    Args:
        act: The transaction, in which access has been taken away.
        contract_ids: The keys of the contracts on which it may have been.

    Returns:
        The keys of the actions that are open again.
    """
    return await release_lost(act, await hold_undone_actions(act, contract_ids))


async def release_lost(act: ActorTransaction, held: Sequence[int]) -> list[int]:
    """The same where the actions were held before access was taken away.

    Args:
        act: The transaction.
        held: The keys of actions that somebody has.
    """
    return await _release_all(act, await act.database.execute_query_dict(_LOST, [held])) if held else []


async def hold_actions_beside(act: ActorTransaction, user_id: int) -> list[int]:
    """Locks what a right that is taken away may release: all that is undone where its holder has an action.

    It is locked before anything is written. An act that wrote already what names who acts, and then waited here for
    the one that makes this actor one with somebody else, would be waited for by that one in turn.

    Args:
        act: The transaction, which holds the person: nobody gives them an action meanwhile.
        user_id: The person's key.

    Returns:
        The keys of the actions that somebody has.
    """
    assigned = Action.filter(assignee_id=user_id, status=ActionStatus.ASSIGNED).using_db(act.database)
    return await hold_undone_actions(act, sorted({action.contract_id for action in await assigned}))


async def hold_actions_naming(act: ActorTransaction, user_id: int, other_id: int) -> None:
    """Locks the actions that one person has or had, gave or took back, and those beside what the two have now.

    Args:
        act: The transaction, which holds both.
        user_id: The key of the one whose everything is going to be another's.
        other_id: The key of the other.
    """
    await act.database.execute_query(_NAMING, [user_id, other_id])


async def hold_undone_actions(act: ActorTransaction, contract_ids: Sequence[int]) -> list[int]:
    """Locks the actions that aren't done of those contracts that run, in the order of their keys.

    Args:
        act: The transaction.
        contract_ids: The contracts' keys.

    Returns:
        The keys of the actions that somebody has.
    """
    if not contract_ids:
        return []
    undone = await act.database.execute_query_dict(_UNDONE, [list(contract_ids)])
    return [row["id"] for row in undone if row["held"]]


async def release_actions_lost_by_time() -> int:
    """The same for everyone from whom a day that ended took the access, a bounded number at a time.

    Any number of workers may do it at once: what one has in hand, the others pass over.

    Returns:
        How many actions are open again; 0 when there is nothing left to release.
    """
    async with actor_transaction(SYSTEM) as act:
        return len(await _release_all(act, await act.database.execute_query_dict(_LOST_BY_TIME, [BATCH])))


async def _release_all(act: ActorTransaction, lost: Sequence[dict[str, int]]) -> list[int]:
    if not lost:
        return []
    keys = [row["id"] for row in lost]
    actions = await Action.filter(id__in=keys).order_by("id").using_db(act.database)
    await _release(act, actions, AuditAction.ACTION_RELEASED_WITHOUT_ACCESS)
    return keys


async def release(
    act: ActorTransaction, action: Action, audited_as: AuditAction, *, released_by_id: int | None, reason: str | None
) -> None:
    """Opens an assigned action again: the assignment is closed, and whoever may take the action is mailed.

    Args:
        act: The transaction, in which the action is locked.
        action: The action.
        audited_as: What the audit log calls it.
        released_by_id: Who released it, and is not mailed about it.
        reason: Why, if it was said.
    """
    await _release(act, [action], audited_as, released_by_id=released_by_id, reason=reason)


async def _release(
    act: ActorTransaction,
    actions: Sequence[Action],
    audited_as: AuditAction,
    *,
    released_by_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Releases them all in the same number of statements, however many there are."""
    if not actions:
        return
    keys = [action.id for action in actions]
    turns = Assignment.filter(action_id__in=keys, released_at=None).using_db(act.database)
    await turns.update(released_at=NOW, released_by_id=released_by_id, release_reason=reason)
    before = [{"assignee": action.assignee_id} for action in actions]
    released = {"status": ActionStatus.OPEN, "assignee_id": None, "assigned_at": None}
    await Action.filter(id__in=keys).using_db(act.database).update(**released, version=F("version") + 1)
    for action in actions:
        action.update_from_dict({**released, "version": action.version + 1})
    notified = await act.database.execute_query_dict(_NOTIFY, [keys, released_by_id])
    act.notification_ids.extend(row["id"] for row in notified)
    told = {row["action_id"]: row["organisation_id"] for row in notified}
    done = [(action, told[action.id], former, None) for action, former in zip(actions, before, strict=True)]
    await act.record_all(audited_as, done, reason=reason)
