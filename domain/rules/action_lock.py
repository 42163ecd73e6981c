"""Locks on actions, taken before access is taken away or an assignee becomes somebody else (decision 0049)."""

from collections.abc import Sequence
from typing import Final

from domain.actor_transaction import ActorTransaction
from domain.models import Action, ActionStatus

# Open ones too: one that is being assigned meanwhile is waited for, and looked at then.
_LOCK_UNFINISHED: Final = """
  select a.id, a.status = 'ASSIGNED' as assigned
  from action a join contract c on c.id = a.contract_id and c.ended_at is null
  where a.contract_id = any($1::bigint[]) and a.status <> 'DONE' order by a.id for no key update of a"""

# Whoever changes an assignment locks its action.
_LOCK_FOR_MERGE: Final = """
  select from action a where a.assignee_id = $1::bigint
    or a.id in (select x.action_id from assignment x
      where x.user_id = $1::bigint or x.assigned_by_id = $1::bigint or x.released_by_id = $1::bigint)
    or a.status <> 'DONE' and a.contract_id in (select mine.contract_id from action mine
      where mine.status = 'ASSIGNED' and mine.assignee_id in ($1::bigint, $2::bigint))
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
    """Locks what taking a right away may release: the unfinished actions on contracts where its holder has one.

    They are locked before anything is written. An act that had written a row that names its actor, and then waited
    here for a merge of this actor with somebody else, would be waited for by the merge in turn.

    Args:
        act: The transaction, which holds the person: nobody assigns them an action meanwhile.
        user_id: The person's key.

    Returns:
        The keys of those that are assigned.
    """
    assigned = Action.filter(assignee_id=user_id, status=ActionStatus.ASSIGNED).using_db(act.database)
    return await lock_unfinished_actions(act, sorted({action.contract_id for action in await assigned}))


async def lock_actions_for_merge(act: ActorTransaction, source_id: int, target_id: int) -> None:
    """Locks the actions that one person has or had, assigned or released, and those beside what the two have now.

    Args:
        act: The transaction, which holds both.
        source_id: The key of the person who is merged.
        target_id: The key of the person whom they are merged into.
    """
    await act.database.execute_query(_LOCK_FOR_MERGE, [source_id, target_id])
