"""Limits on questions that must not be asked too often, counted in the audit log.

The log is written in the transaction that counts it, so that the limits hold across processes and restarts, and with
no other server than the database.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, get_args

from domain.actor_transaction import ActorTransaction
from domain.models import AuditAction, Organisation, User
from domain.refusals import RateLimited


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in any stretch of that length."""

    most: int
    period: timedelta


CountedAction = Literal[AuditAction.PERSON_LOOKED_UP, AuditAction.PERSON_ASKED_FOR]
"""What the audit log calls the questions that are counted; each is counted by itself."""

PER_MANAGER: Final = Limit(30, timedelta(hours=1))
PER_ORGANISATION: Final = Limit(300, timedelta(days=1))

_COUNTED: Final = tuple(map(str, get_args(CountedAction)))
# The last condition is word for word what the index `audit_entry_questions_of_actor` holds: without it PostgreSQL,
# which plans for any action at all, doesn't read it.
OLDEST_COUNTED: Final = f"""
select at from audit_entry where {{whose}} = $1::bigint and action = $2 and at > $3 and action in {_COUNTED}
order by at desc offset $4 limit 1"""


async def count_question(act: ActorTransaction, organisation: Organisation, action: CountedAction) -> None:
    """Records a question of the actor about people, unless it is one too many.

    Args:
        act: The act, which holds the organisation's row, so that its questions are counted one after the other.
        organisation: For whom it is asked.
        action: What the audit log calls it.

    Raises:
        RateLimited: The manager or the organisation has asked too often.
    """
    # A manager may ask for several organisations at once.
    await User.filter(id=act.actor.user_id).select_for_update(no_key=True).using_db(act.database).get()
    moment = await act.now()
    for limit, whose, key in (
        (PER_MANAGER, "actor_id", act.actor.user_id),
        (PER_ORGANISATION, "organisation_id", organisation.id),
    ):
        # The one that must be out of the stretch before there is room for another.
        values = [key, action, moment - limit.period, limit.most - 1]
        if oldest := await act.database.execute_query_dict(OLDEST_COUNTED.format(whose=whose), values):
            raise RateLimited(limit.most, limit.period, oldest[0]["at"] + limit.period - moment)
    await act.record(action, organisation, organisation.id)
