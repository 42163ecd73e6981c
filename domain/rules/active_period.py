"""The active or upcoming period of a person's work relations with an organisation."""

from domain.actor_transaction import ActorTransaction
from domain.models import WorkRelationPeriod


async def active_or_upcoming_period(
    act: ActorTransaction, user_id: int, organisation_id: int
) -> WorkRelationPeriod | None:
    """The earliest period that is active today or upcoming; None when there is none."""
    unexpired = WorkRelationPeriod.filter(
        user_id=user_id, organisation_id=organisation_id, valid_until__gte=await act.today()
    )
    return await unexpired.order_by("valid_from").using_db(act.database).first()
