"""Changing and ending work relations from the newest version, and what their periods are then."""

from datetime import date
from typing import Any

from domain.models import WorkRelation, WorkRelationPeriod
from domain.rules.work_relation_change import WorkRelationUpdate, end_work_relation, update_work_relation
from tests.access_cast import Cast

FIRST, LAST = date(2027, 3, 1), date(2027, 12, 31)
"""The days of the fixture `relation`."""


async def update(cast: Cast, relation: WorkRelation, who: str = "manager", **change: Any) -> WorkRelation:
    newest = await WorkRelation.get(id=relation.id)
    return await update_work_relation(
        actor=cast.actors[who],
        work_relation_id=relation.id,
        version=newest.version,
        update=WorkRelationUpdate(**change),
    )


async def end(cast: Cast, relation: WorkRelation, on: date, who: str = "manager", **other: Any) -> WorkRelation:
    newest = await WorkRelation.get(id=relation.id)
    given: dict[str, Any] = {"version": newest.version, "reason": "Uit dienst"} | other
    return await end_work_relation(actor=cast.actors[who], work_relation_id=relation.id, on=on, **given)


async def periods(relation: WorkRelation) -> list[tuple[date, date, date]]:
    """First day, last day and the day that it is counted from, of each period."""
    found = await WorkRelationPeriod.filter(work_relation_id=relation.id).order_by("valid_from")
    return [(one.valid_from, one.valid_until, one.counted_from) for one in found]
