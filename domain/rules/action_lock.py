"""Locks on actions, taken before access is revoked or people are merged (decision 0049)."""

from collections.abc import Sequence
from typing import Final

from domain.actor_transaction import ActorTransaction
from domain.models import Action, ActionStatus

# Open actions too: if one is being assigned at this moment, the lock waits for that, and the assignment is seen.
_LOCK_UNFINISHED: Final = """
  select a.id, a.status = 'ASSIGNED' as assigned
  from action a join contract c on c.id = a.contract_id and c.ended_at is null
  where a.contract_id = any($1::bigint[]) and a.status <> 'DONE' order by a.id for no key update of a"""

# Assignments are protected by the lock on their action.
_LOCK_FOR_MERGE: Final = """
  select from action a where a.assignee_id = $1::bigint
    or a.id in (select x.action_id from assignment x
      where x.user_id = $1::bigint or x.assigned_by_id = $1::bigint or x.released_by_id = $1::bigint)
    or a.status <> 'DONE' and a.contract_id in (select own.contract_id from action own
      where own.status = 'ASSIGNED' and own.assignee_id in ($1::bigint, $2::bigint))
  order by a.id for no key update of a"""


async def lock_unfinished_actions(act: ActorTransaction, contract_ids: Sequence[int]) -> list[int]:
    """Locks the actions on running contracts that aren't done, in the order of their keys.

    Args:
        act: The transaction.
        contract_ids: The contracts' keys.

    Returns:
        The keys of those that are assigned.
    """
    if not contract_ids:
        return []
    unfinished = await act.database.execute_query_dict(_LOCK_UNFINISHED, [list(contract_ids)])
    return [row["id"] for row in unfinished if row["assigned"]]


async def lock_actions_where_assigned(act: ActorTransaction, user_id: int) -> list[int]:
    """Locks what revoking a right may release: the unfinished actions on contracts where its holder has an action.

    They are locked before anything is written. A transaction that had already inserted a row that refers to its actor,
    and then waited here for a merge of that actor, would deadlock with the merge.

    Args:
        act: The transaction, which holds the lock on the person, so that nobody assigns them an action.
        user_id: The person's key.

    Returns:
        The keys of those that are assigned.
    """
    assigned = Action.filter(assignee_id=user_id, status=ActionStatus.ASSIGNED).using_db(act.database)
    return await lock_unfinished_actions(act, sorted({action.contract_id for action in await assigned}))


async def lock_actions_for_merge(act: ActorTransaction, source_id: int, target_id: int) -> None:
    """Locks the actions whose assignments name the source, and the unfinished ones on contracts where either has one.

    Args:
        act: The transaction, which holds the locks on both people.
        source_id: The key of the person who is merged into the other.
        target_id: The key of the person who remains.
    """
    await act.database.execute_query(_LOCK_FOR_MERGE, [source_id, target_id])
