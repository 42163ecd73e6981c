"""Work relations and rights from their table, and what became of some of them."""

from typing import Final

from domain.models import AccessRight, AccessRightRole, Role, WorkRelation, WorkRelationPeriod
from local.demo_data.addresses import address_of, phone_of
from local.demo_data.engagements import ENGAGEMENTS, Engagement
from local.demo_data.loaded import Loaded
from local.demo_data.mandates import access_manager_of

MADE_BEFOREHAND: Final = 30
"""A work relation that starts in the future was made so many days ago."""


async def load_work_relations(loaded: Loaded) -> None:
    """Makes every work relation with its first period and right, then what happened to them since."""
    for engagement in ENGAGEMENTS:
        await _engage(loaded, engagement)
    await _extend_in_time(loaded, "Ilse Van den Bossche", on=200, last=-1000)
    await _return_after_a_gap(loaded, "Filip Desmet", first=300, last=-900)
    await _revoke(loaded, "Griet Bogaert", on=60, reason="Werkt niet meer op werven voor de overheid")
    await _revoke(loaded, "Dirk Mertens", on=330, reason="Langdurig afwezig")
    await _grant(loaded, "scheldeland", "Dirk Mertens", (Role.USER,), "Terug na afwezigheid", on=250)
    await _exchange_role(loaded, "Ann Segers", Role.ADMINISTRATOR, Role.USER, on=100)


async def _engage(loaded: Loaded, engagement: Engagement) -> None:
    days, organisation, person = loaded.calendar, engagement.organisation, engagement.person
    made = max(engagement.first, MADE_BEFOREHAND)
    work_relation = await WorkRelation.create(
        user=loaded.people[person],
        organisation=loaded.organisations[organisation],
        category=engagement.category,
        email=address_of(loaded.people[person], organisation) if engagement.has_email else None,
        phone=phone_of(loaded.people[person]),
        created_at=days.moment(made, "08:30"),
    )
    loaded.work_relations[organisation, person] = work_relation
    await _run(loaded, work_relation, engagement.first, engagement.last)
    if engagement.roles:
        await _grant(loaded, organisation, person, engagement.roles, engagement.reason, on=made - 1)


async def _run(loaded: Loaded, work_relation: WorkRelation, first: int, last: int) -> None:
    await WorkRelationPeriod.create(
        work_relation=work_relation,
        user_id=work_relation.user_id,
        organisation_id=work_relation.organisation_id,
        valid_from=loaded.calendar.day(first),
        valid_until=loaded.calendar.day(last),
        counted_from=loaded.calendar.day(first),
        last_day_given_on=loaded.calendar.day(first),
    )


async def _grant(  # what a right consists of
    loaded: Loaded, organisation: str, person: str, roles: tuple[Role, ...], reason: str, *, on: int
) -> None:
    moment = loaded.calendar.moment(on, "10:40")
    right = await AccessRight.create(
        work_relation=loaded.work_relations[organisation, person],
        reason=reason,
        granted_by=loaded.people[access_manager_of(organisation)],
        granted_at=moment,
    )
    for role in roles:
        await AccessRightRole.create(access_right=right, role=role, valid_from=moment)


async def _extend_in_time(loaded: Loaded, person: str, *, on: int, last: int) -> None:
    """The last day was moved while the period ran: the four years count from the day of the extension."""
    work_relation = loaded.work_relations["scheldeland", person]
    days = loaded.calendar
    await WorkRelationPeriod.filter(work_relation=work_relation).update(
        valid_until=days.day(last), counted_from=days.day(on), last_day_given_on=days.day(on)
    )
    await WorkRelation.filter(id=work_relation.id).update(version=2)


async def _return_after_a_gap(loaded: Loaded, person: str, *, first: int, last: int) -> None:
    work_relation = loaded.work_relations["scheldeland", person]
    await _run(loaded, work_relation, first, last)
    await WorkRelation.filter(id=work_relation.id).update(version=2)


async def _revoke(loaded: Loaded, person: str, *, on: int, reason: str) -> None:
    moment = loaded.calendar.moment(on, "16:05")
    right = await AccessRight.get(work_relation=loaded.work_relations["scheldeland", person])
    await AccessRightRole.filter(access_right=right).update(valid_to=moment)
    await AccessRight.filter(id=right.id).update(
        revoked_at=moment, revoked_by=loaded.people["manager"], revocation_reason=reason, version=2
    )


async def _exchange_role(loaded: Loaded, person: str, former: Role, role: Role, *, on: int) -> None:
    moment = loaded.calendar.moment(on, "11:20")
    right = await AccessRight.get(work_relation=loaded.work_relations["scheldeland", person])
    await AccessRightRole.filter(access_right=right, role=former).update(valid_to=moment)
    await AccessRightRole.create(access_right=right, role=role, valid_from=moment)
    await AccessRight.filter(id=right.id).update(version=2)
