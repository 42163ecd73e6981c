"""Rate limits on look-ups of people, counted in the audit log.

The log is written in the transaction that counts, so the limits hold across processes and restarts, and need no other
server than the database.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, get_args

from domain.actor_transaction import ActorTransaction
from domain.models import AuditAction, Organisation, User
from domain.refusals import RateLimited


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in any period of that length."""

    maximum: int
    period: timedelta


CountedAction = Literal[AuditAction.PERSON_LOOKED_UP, AuditAction.PERSON_ASKED_FOR]
"""The actions that are limited; each is counted separately."""

PER_MANAGER: Final = Limit(30, timedelta(hours=1))
PER_ORGANISATION: Final = Limit(300, timedelta(days=1))

_COUNTED: Final = tuple(map(str, get_args(CountedAction)))
# The last condition is exactly the predicate of the index `audit_entry_questions_of_actor`: without it a generic plan
# doesn't use the index.
OLDEST_COUNTED: Final = f"""
select at from audit_entry where {{whose}} = $1::bigint and action = $2 and at > $3 and action in {_COUNTED}
order by at desc offset $4 limit 1"""


async def count_lookup(act: ActorTransaction, organisation: Organisation, action: CountedAction) -> None:
    """Records a look-up by the actor, unless the limit is reached.

    Args:
        act: The transaction, which has locked the organisation's row, so that its look-ups are counted one by one.
        organisation: The organisation that the actor acts for.
        action: The action in the audit log.

    Raises:
        RateLimited: The limit of the manager or of the organisation is reached.
    """
    # Locked too: a manager may look people up for several organisations at the same time.
    await User.filter(id=act.actor.user_id).select_for_update(no_key=True).using_db(act.database).get()
    now = await act.now()
    for limit, whose, key in (
        (PER_MANAGER, "actor_id", act.actor.user_id),
        (PER_ORGANISATION, "organisation_id", organisation.id),
    ):
        # The oldest look-up that still counts: another one is allowed when this one is older than the period.
        values = [key, action, now - limit.period, limit.maximum - 1]
        if oldest := await act.database.execute_query_dict(OLDEST_COUNTED.format(whose=whose), values):
            raise RateLimited(limit.maximum, limit.period, oldest[0]["at"] + limit.period - now)
    await act.record(action, organisation, organisation.id)
