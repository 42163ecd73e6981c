"""Extending a work relation (manual 2.1.3, domain 3)."""

from datetime import date, timedelta

import pytest

from domain.models import Membership, User, WorkRelation
from domain.refusals import (
    LastDayBeforeFirstDay,
    LastDayInThePast,
    WorkRelationOverlap,
    WorkRelationTooLong,
)
from tests import rows
from tests.access_cast import MANAGERS, Cast
from tests.domain.rules.work_relations import FIRST, LAST, end, periods, update
from tests.refusals import assert_refused
from tests.time_travel import travel_to

DAY = timedelta(days=1)


@pytest.mark.parametrize("who", MANAGERS)
async def test_a_work_relation_is_extended_by_a_new_last_day(cast: Cast, relation: WorkRelation, who: str):
    await update(cast, relation, who, valid_until=date(2028, 6, 30))

    assert await periods(relation) == [(FIRST, date(2028, 6, 30), date(2027, 6, 15))]
    assert (await WorkRelation.get(id=relation.id)).version == 2


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        ("2027-06-15", "2031-06-14"),
        ("2027-12-31", "2031-12-30"),
        ("2027-03-28", "2031-03-27"),
        ("2027-10-31", "2031-10-30"),
        ("2028-01-01", "2031-12-31"),
        ("2028-02-29", "2032-02-28"),
        ("2096-02-29", "2100-02-27"),
    ],
)
async def test_an_extension_is_at_most_four_years_from_its_day(
    cast: Cast, relation: WorkRelation, today: str, latest: str
):
    await travel_to(today)
    last_day = date.fromisoformat(latest)
    async with assert_refused(WorkRelationTooLong, "validUntil", asked=last_day + DAY, latest=last_day):
        await update(cast, relation, "legal", valid_until=last_day + DAY)

    await update(cast, relation, "legal", valid_until=last_day)

    assert (await periods(relation))[-1][1:] == (last_day, date.fromisoformat(today))


async def test_a_second_extension_is_counted_from_its_own_day(cast: Cast, relation: WorkRelation):
    await update(cast, relation, valid_until=date(2031, 6, 14))
    await travel_to("2029-02-03")
    await update(cast, relation, valid_until=date(2033, 2, 2))
    assert await periods(relation) == [(FIRST, date(2033, 2, 2), date(2029, 2, 3))]


async def test_extending_after_expiry_begins_a_period_today_and_keeps_the_gap(cast: Cast, relation: WorkRelation):
    today = await travel_to("2028-02-29")

    await update(cast, relation, valid_until=date(2028, 3, 31))

    assert await periods(relation) == [(FIRST, LAST, FIRST), (today, date(2028, 3, 31), today)]


async def test_a_work_relation_has_expired_on_the_day_after_its_last_day(cast: Cast, relation: WorkRelation):
    today = await travel_to(LAST + DAY)
    await update(cast, relation, valid_until=date(2028, 3, 31))
    assert await periods(relation) == [(FIRST, LAST, FIRST), (today, date(2028, 3, 31), today)]


async def test_a_work_relation_extended_on_its_last_day_has_no_gap(cast: Cast, relation: WorkRelation):
    await travel_to(LAST)
    await update(cast, relation, valid_until=LAST + DAY)
    assert await periods(relation) == [(FIRST, LAST + DAY, LAST)]


async def test_an_upcoming_work_relation_is_at_most_four_years_from_its_first_day(cast: Cast, relation: WorkRelation):
    await travel_to("2027-02-01")
    latest = date(2031, 2, 28)
    async with assert_refused(WorkRelationTooLong, "validUntil", asked=latest + DAY, latest=latest):
        await update(cast, relation, valid_until=latest + DAY)
    async with assert_refused(LastDayBeforeFirstDay, "validUntil", first_day=FIRST):
        await update(cast, relation, valid_until=FIRST - DAY)

    await update(cast, relation, valid_until=latest)

    assert await periods(relation) == [(FIRST, latest, FIRST)]


async def test_the_last_day_cannot_be_moved_into_the_past(cast: Cast, relation: WorkRelation):
    today = date(2027, 6, 15)
    async with assert_refused(LastDayInThePast, "validUntil", earliest=today):
        await update(cast, relation, valid_until=today - DAY)
    async with assert_refused(LastDayInThePast, "on", earliest=today):
        await end(cast, relation, today - DAY)


async def test_an_extension_does_not_overlap_another_work_relation(cast: Cast, relation: WorkRelation):
    person, next_first = await User.get(id=relation.user_id), date(2028, 3, 1)
    await cast.a_colleague(user=person, first_day=next_first, last_day=date(2028, 12, 31))
    days = {"first_day": next_first, "last_day": date(2028, 12, 31)}
    async with assert_refused(WorkRelationOverlap, "validUntil", **days):
        await update(cast, relation, valid_until=next_first)
    await travel_to("2028-05-01")
    async with assert_refused(WorkRelationOverlap, "validUntil", **days):
        await update(cast, relation, valid_until=date(2028, 5, 1))

    await travel_to("2028-01-31")
    await update(cast, relation, valid_until=next_first - DAY)


@pytest.mark.parametrize("today", ["2027-06-15", "2027-02-01"])
async def test_a_last_day_can_be_moved_to_an_earlier_day(cast: Cast, relation: WorkRelation, today: str):
    await travel_to(today)
    await update(cast, relation, valid_until=date(2027, 7, 1))
    assert await periods(relation) == [(FIRST, date(2027, 7, 1), FIRST)]


async def test_a_shortened_and_extended_work_relation_is_counted_from_the_extension(cast: Cast, relation: WorkRelation):
    await end(cast, relation, date(2027, 6, 30))
    await travel_to("2027-06-20")
    await update(cast, relation, valid_until=LAST)
    assert await periods(relation) == [(FIRST, LAST, date(2027, 6, 20))]


async def test_an_extension_keeps_the_memberships(cast: Cast, relation: WorkRelation):
    membership = await rows.a_membership(await rows.a_group(cast.organisation), relation)
    await travel_to("2028-05-01")
    await update(cast, relation, valid_until=date(2028, 6, 1))
    stored = await Membership.get(id=membership.id)
    assert (stored.work_relation_id, stored.ended_at) == (relation.id, None)
