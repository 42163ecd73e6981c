"""Limits on questions that must not be asked too often, counted in the audit log.

The log is written in the transaction that counts it, so that the limits hold across processes and restarts, and with
no other server than the database.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.acting import Acting
from domain.models import AuditEntry, Organisation, User
from domain.refusals import RateLimited


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in any stretch of that length."""

    most: int
    period: timedelta


PER_MANAGER: Final = Limit(30, timedelta(hours=1))
PER_ORGANISATION: Final = Limit(300, timedelta(days=1))


async def count_question(act: Acting, organisation: Organisation, action: str) -> None:
    """Records a question of the actor about people, unless it is one too many.

    Args:
        act: The act, which holds the organisation's row, so that its questions are counted one after the other.
        organisation: For whom it is asked.
        action: What the audit log calls the question; each kind is counted by itself.

    Raises:
        RateLimited: The manager or the organisation has asked too often.
    """
    # A manager may ask for several organisations at once.
    await User.filter(id=act.actor.user_id).select_for_update(no_key=True).using_db(act.database).get()
    moment = await act.moment()
    for limit, whose in (
        (PER_MANAGER, {"actor_id": act.actor.user_id}),
        (PER_ORGANISATION, {"organisation_id": organisation.id}),
    ):
        asked = AuditEntry.filter(action=action, at__gt=moment - limit.period, **whose).using_db(act.database)
        # The one that must be out of the stretch before there is room for another.
        oldest = await asked.order_by("-at").offset(limit.most - 1).first()
        if oldest is not None:
            raise RateLimited(limit.most, limit.period, oldest.at + limit.period - moment)
    await act.record(action, organisation, organisation.id)
