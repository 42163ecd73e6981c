"""Updates and ends of work relations, from their current version, and their periods."""

from datetime import date
from typing import Any

from domain.models import WorkRelation, WorkRelationPeriod
from domain.rules.work_relation_change import WorkRelationUpdate, end_work_relation, update_work_relation
from tests.access_cast import Cast

FIRST, LAST = date(2027, 3, 1), date(2027, 12, 31)
"""The days of the fixture `relation`."""


async def update(cast: Cast, relation: WorkRelation, who: str = "manager", **change: Any) -> WorkRelation:
    current = await WorkRelation.get(id=relation.id)
    return await update_work_relation(
        actor=cast.actors[who],
        work_relation_id=relation.id,
        version=current.version,
        update=WorkRelationUpdate(**change),
    )


async def end(cast: Cast, relation: WorkRelation, on: date, who: str = "manager", **arguments: Any) -> WorkRelation:
    current = await WorkRelation.get(id=relation.id)
    defaults: dict[str, Any] = {"version": current.version, "reason": "Uit dienst"} | arguments
    return await end_work_relation(actor=cast.actors[who], work_relation_id=relation.id, on=on, **defaults)


async def periods(relation: WorkRelation) -> list[tuple[date, date, date]]:
    """The first day, the last day and the day of counting of each period."""
    rows = await WorkRelationPeriod.filter(work_relation_id=relation.id).order_by("valid_from")
    return [(period.valid_from, period.valid_until, period.counted_from) for period in rows]
