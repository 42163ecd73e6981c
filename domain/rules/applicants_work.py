"""What somebody who registers themselves has at the organisation already (manual 2.1.5.2)."""

from dataclasses import dataclass

from domain.actor_transaction import ActorTransaction
from domain.models import Role, WorkRelationPeriod
from domain.rules.standing_right import standing_right


@dataclass(frozen=True)
class ApplicantsWork:
    """The work relation that an approval gives roles to.

    Attributes:
        period: Its period that runs or is to come.
        roles: Of the right that stands on it; none when there is no right.
    """

    period: WorkRelationPeriod
    roles: frozenset[Role]


async def period_there(act: ActorTransaction, applicant_id: int, organisation_id: int) -> WorkRelationPeriod | None:
    """Of the applicant's work relation there that runs or is to come, if there is one."""
    there = WorkRelationPeriod.filter(
        user_id=applicant_id, organisation_id=organisation_id, valid_until__gte=await act.today()
    )
    return await there.order_by("valid_from").using_db(act.database).first()


async def work_there(act: ActorTransaction, applicant_id: int, organisation_id: int) -> ApplicantsWork | None:
    """The applicant's work relation there that runs or is to come, with its roles, if there is one."""
    period = await period_there(act, applicant_id, organisation_id)
    if period is None:
        return None
    standing = await standing_right(act, period.work_relation_id)
    return ApplicantsWork(period, standing.roles if standing else frozenset())
