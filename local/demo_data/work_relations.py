"""Loads the work relations and rights from their table, and their later changes."""

from typing import Final

from domain.models import AccessRight, AccessRightRole, Role, WorkRelation, WorkRelationPeriod
from local.demo_data.addresses import address_of, phone_of
from local.demo_data.demo_rows import DemoRows
from local.demo_data.mandates import main_access_manager_of
from local.demo_data.work_relation_table import WORK_RELATIONS, WorkRelationRow

UPCOMING_CREATED: Final = 30
"""How many days ago the work relations that start in the future were created."""


async def load_work_relations(demo: DemoRows) -> None:
    """Creates every work relation with its first period and right, then their later changes."""
    for row in WORK_RELATIONS:
        await _create_work_relation(demo, row)
    await _extend(demo, "Ilse Van den Bossche", on=200, last=-1000)
    await _reopen(demo, "Filip Desmet", first=300, last=-900)
    await _revoke(demo, "Griet Bogaert", on=60, reason="Werkt niet meer op werven voor de overheid")
    await _revoke(demo, "Dirk Mertens", on=330, reason="Langdurig afwezig")
    await _grant(demo, "scheldeland", "Dirk Mertens", (Role.USER,), "Terug na afwezigheid", on=250)
    await _replace_role(demo, "Ann Segers", Role.ADMINISTRATOR, Role.USER, on=100)


async def _create_work_relation(demo: DemoRows, row: WorkRelationRow) -> None:
    organisation, person = row.organisation, row.person
    created = max(row.first, UPCOMING_CREATED)
    work_relation = await WorkRelation.create(
        user=demo.people[person],
        organisation=demo.organisations[organisation],
        category=row.category,
        email=address_of(demo.people[person], organisation) if row.has_email else None,
        phone=phone_of(demo.people[person]),
        created_at=demo.calendar.moment(created, "08:30"),
    )
    demo.work_relations[organisation, person] = work_relation
    await _create_period(demo, work_relation, row.first, row.last)
    if row.roles:
        await _grant(demo, organisation, person, row.roles, row.reason, on=created - 1)


async def _create_period(demo: DemoRows, work_relation: WorkRelation, first: int, last: int) -> None:
    await WorkRelationPeriod.create(
        work_relation=work_relation,
        user_id=work_relation.user_id,
        organisation_id=work_relation.organisation_id,
        valid_from=demo.calendar.day(first),
        valid_until=demo.calendar.day(last),
        counted_from=demo.calendar.day(first),
        last_day_given_on=demo.calendar.day(first),
    )


async def _grant(
    demo: DemoRows, organisation: str, person: str, roles: tuple[Role, ...], reason: str, *, on: int
) -> None:
    moment = demo.calendar.moment(on, "10:40")
    right = await AccessRight.create(
        work_relation=demo.work_relations[organisation, person],
        reason=reason,
        granted_by=demo.people[main_access_manager_of(organisation)],
        granted_at=moment,
    )
    for role in roles:
        await AccessRightRole.create(access_right=right, role=role, valid_from=moment)


async def _extend(demo: DemoRows, person: str, *, on: int, last: int) -> None:
    """Moves the last day while the period lasts: the four years count from the day of extension."""
    work_relation = demo.work_relations["scheldeland", person]
    days = demo.calendar
    await WorkRelationPeriod.filter(work_relation=work_relation).update(
        valid_until=days.day(last), counted_from=days.day(on), last_day_given_on=days.day(on)
    )
    await WorkRelation.filter(id=work_relation.id).update(version=2)


async def _reopen(demo: DemoRows, person: str, *, first: int, last: int) -> None:
    """Extends a work relation that had expired: a new period begins."""
    work_relation = demo.work_relations["scheldeland", person]
    await _create_period(demo, work_relation, first, last)
    await WorkRelation.filter(id=work_relation.id).update(version=2)


async def _revoke(demo: DemoRows, person: str, *, on: int, reason: str) -> None:
    moment = demo.calendar.moment(on, "16:05")
    right = await AccessRight.get(work_relation=demo.work_relations["scheldeland", person])
    await AccessRightRole.filter(access_right=right).update(valid_to=moment)
    await AccessRight.filter(id=right.id).update(
        revoked_at=moment, revoked_by=demo.people["manager"], revocation_reason=reason, version=2
    )


async def _replace_role(demo: DemoRows, person: str, former: Role, role: Role, *, on: int) -> None:
    moment = demo.calendar.moment(on, "11:20")
    right = await AccessRight.get(work_relation=demo.work_relations["scheldeland", person])
    await AccessRightRole.filter(access_right=right, role=former).update(valid_to=moment)
    await AccessRightRole.create(access_right=right, role=role, valid_from=moment)
    await AccessRight.filter(id=right.id).update(version=2)
