"""Creating a work relation, sentence by sentence of the manual (2.1.2 and 2.1.3) and the domain (3)."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.database.connection import database
from domain.models import Contract, Membership, Role, User, WorkRelation, WorkRelationCategory, WorkRelationPeriod
from domain.refusals import (
    EmailAddressInvalid,
    FirstDayInThePast,
    LastDayBeforeFirstDay,
    NobodyHelpsThemselves,
    NotFound,
    PersonNotAdded,
    PhoneInvalid,
    Refusals,
    WorkRelationOverlap,
    WorkRelationTooLong,
)
from domain.rules.former_memberships import former_memberships
from domain.rules.work_relation import NewWorkRelation, create_work_relation
from tests import rows
from tests.access_cast import MANAGERS, Cast
from tests.refusals import assert_refused
from tests.table_contents import assert_tables_unchanged
from tests.time_travel import travel_to

DAY = timedelta(days=1)
CATEGORIES = list(WorkRelationCategory)


async def create(cast: Cast, user: User, who: str = "manager", **fields: Any) -> WorkRelation:
    first = fields.pop("valid_from", None) or await rows.today()
    last = fields.pop("valid_until", None) or first + 99 * DAY
    category = fields.pop("category", WorkRelationCategory.PERMANENT)
    return await create_work_relation(
        actor=cast.actors[who],
        organisation_id=cast.organisation.id,
        user_id=user.id,
        new=NewWorkRelation(category, first, last, **fields),
    )


async def period_of(relation: WorkRelation) -> WorkRelationPeriod:
    return await WorkRelationPeriod.get(work_relation_id=relation.id)


@pytest.mark.parametrize("who", MANAGERS)
async def test_an_access_manager_creates_a_work_relation_for_an_added_person(cast: Cast, who: str):
    stranger, today = await cast.a_stranger(), await rows.today()

    relation = await create(cast, stranger, who, email="bram@aannemer.example", phone="+32 3 123 45 67")

    stored = await WorkRelation.get(id=relation.id)
    assert (stored.user_id, stored.organisation_id, stored.version) == (stranger.id, cast.organisation.id, 1)
    period = await period_of(stored)
    assert (period.valid_from, period.valid_until, period.counted_from) == (today, today + 99 * DAY, today)
    assert (stored.email, stored.phone) == ("bram@aannemer.example", "+32 3 123 45 67")


@pytest.mark.parametrize("category", CATEGORIES)
async def test_a_work_relation_is_created_with_any_category(cast: Cast, category: WorkRelationCategory):
    relation = await create(cast, await cast.a_stranger(), category=category)
    assert (await WorkRelation.get(id=relation.id)).category == category


async def test_phone_and_email_are_optional(cast: Cast):
    relation = await create(cast, await cast.a_stranger())
    assert (relation.email, relation.phone) == (None, None)


async def test_every_invalid_field_is_reported(cast: Cast):
    stranger, today = await cast.a_stranger(), await rows.today()
    async with assert_tables_unchanged():
        with pytest.raises(Refusals) as raised:
            await create(
                cast, stranger, valid_from=today - DAY, valid_until=today - 2 * DAY, email="bram@", phone="later"
            )
    assert [(type(refusal), refusal.path) for refusal in raised.value.refusals] == [
        (EmailAddressInvalid, ("email",)),
        (PhoneInvalid, ("phone",)),
        (FirstDayInThePast, ("validFrom",)),
        (LastDayBeforeFirstDay, ("validUntil",)),
    ]


@pytest.mark.parametrize(
    ("first", "latest"),
    [
        ("2026-11-23", "2030-11-22"),
        ("2027-01-01", "2030-12-31"),
        ("2026-12-31", "2030-12-30"),
        ("2028-02-28", "2032-02-27"),
        ("2028-02-29", "2032-02-28"),
        ("2028-03-01", "2032-02-29"),
        ("2096-02-29", "2100-02-27"),
        # The days on which summer time begins and ends.
        ("2027-03-28", "2031-03-27"),
        ("2027-10-31", "2031-10-30"),
    ],
)
async def test_the_longest_period_is_four_years(cast: Cast, first: str, latest: str):
    stranger = await cast.a_stranger()
    today, last_day = await travel_to(first), date.fromisoformat(latest)
    async with assert_refused(WorkRelationTooLong, "validUntil", asked=last_day + DAY, latest=last_day):
        await create(cast, stranger, "legal", valid_until=last_day + DAY)

    relation = await create(cast, stranger, "legal", valid_until=last_day)

    assert (await period_of(relation)).valid_from == today
    assert (await period_of(relation)).valid_until == last_day


async def test_a_period_far_ahead_is_counted_from_its_first_day(cast: Cast):
    first = await rows.today() + 1_000 * DAY
    relation = await create(cast, await cast.a_stranger(), valid_from=first, valid_until=first + 1_460 * DAY)
    assert (await period_of(relation)).valid_from == first


async def test_the_calendar_ends_with_the_year_9999(cast: Cast):
    stranger, first, last = await cast.a_stranger(), date(9998, 5, 1), date(9999, 12, 30)
    for too_late in (first, last + DAY):
        async with assert_refused(WorkRelationTooLong, "validUntil", asked=last + DAY, latest=last):
            await create(cast, stranger, valid_from=too_late, valid_until=last + DAY)

    relation = await create(cast, stranger, valid_from=first, valid_until=last)

    assert (await period_of(relation)).valid_until == last


async def test_the_first_day_is_not_in_the_past(cast: Cast):
    stranger, today = await cast.a_stranger(), await rows.today()
    async with assert_refused(FirstDayInThePast, "validFrom", earliest=today):
        await create(cast, stranger, valid_from=today - DAY)
    assert (await period_of(await create(cast, stranger, valid_from=today))).valid_from == today


async def test_both_days_are_inclusive_so_that_one_day_is_possible(cast: Cast):
    stranger, today = await cast.a_stranger(), await rows.today()
    async with assert_refused(LastDayBeforeFirstDay, "validUntil", first_day=today):
        await create(cast, stranger, valid_until=today - DAY)
    assert (await period_of(await create(cast, stranger, valid_until=today))).valid_until == today


async def test_two_work_relations_of_one_person_never_overlap(cast: Cast):
    today = await rows.today()
    relation = await cast.a_colleague(first_day=today + 10 * DAY, last_day=today + 20 * DAY)
    person = await User.get(id=relation.user_id)
    days = {"first_day": today + 10 * DAY, "last_day": today + 20 * DAY}
    for first, last in ((10, 20), (0, 10), (20, 30), (12, 13), (0, 90)):
        async with assert_refused(WorkRelationOverlap, "validFrom", **days):
            await create(cast, person, valid_from=today + first * DAY, valid_until=today + last * DAY)

    await create(cast, person, valid_from=today, valid_until=today + 9 * DAY)
    await create(cast, person, valid_from=today + 21 * DAY, valid_until=today + 30 * DAY)


async def test_a_work_relation_with_a_member_company_counts_for_nothing_in_a_consortium(cast: Cast):
    relation = await rows.a_person_with_right(user=await cast.a_stranger())
    await create(cast, await User.get(id=relation.user_id))
    assert await WorkRelation.filter(user_id=relation.user_id).count() == 2


async def test_a_person_who_was_not_added_is_refused(cast: Cast):
    applicant = await rows.a_user(given_name="Bram", family_name="Claes")
    await rows.a_self_registration(cast.organisation, applicant, status="REJECTED")
    async with assert_refused(PersonNotAdded, "userId", name="Bram Claes"):
        await create(cast, applicant)


async def test_an_added_person_is_visible_for_24_hours(cast: Cast):
    stranger = await rows.a_user()
    introduction = await rows.an_introduction(cast.organisation, stranger)
    await database().execute_query("update introduction set introduced_at = now() - interval '24 hours 1 second'")
    async with assert_refused(NotFound, "userId"):
        await create(cast, stranger)

    await database().execute_query(
        f"update introduction set introduced_at = now() - interval '23 hours 59 minutes' where id = {introduction.id}"
    )
    await create(cast, stranger)


async def test_an_applicant_is_visible_while_the_task_is_open(cast: Cast):
    applicant = await rows.a_user()
    await rows.a_self_registration(cast.organisation, applicant)
    await create(cast, applicant)


async def test_a_person_with_a_past_work_relation_need_not_be_added(cast: Cast):
    past = await cast.a_colleague(last_day=await rows.today() - DAY)
    await create(cast, await User.get(id=past.user_id))


async def test_unknown_people_and_people_of_other_organisations_are_not_found(cast: Cast):
    unknown, known_elsewhere = User(id=2**62), await User.get(id=(await rows.a_person_with_right()).user_id)
    for person in (unknown, known_elsewhere, cast.people["outsider"]):
        async with assert_refused(NotFound, "userId"):
            await create(cast, person)


async def test_only_legal_representatives_create_their_own_work_relation(cast: Cast):
    for who in MANAGERS[1:]:
        async with assert_refused(NobodyHelpsThemselves, "userId"):
            await create(cast, cast.people[who], who, valid_from=await rows.today() + 365 * DAY)

    relation = await create(cast, cast.people["legal"], "legal")

    assert relation.user_id == cast.people["legal"].id


async def test_a_new_work_relation_has_no_memberships_and_is_offered_the_former_ones(cast: Cast):
    past = await cast.a_colleague(last_day=await rows.today() - DAY)
    fixed = await rows.a_membership(await rows.a_group(cast.organisation), past)
    await rows.a_membership(await rows.a_group(cast.organisation), past, ended_at=await rows.now())
    await rows.a_membership(await rows.a_group(cast.organisation, active=False), past)
    group = await rows.a_group(cast.organisation)
    running, ended_contract = await rows.a_contract(cast.organisation), await rows.a_contract(cast.organisation)
    specific, _ = [
        await rows.a_membership(group, past, await rows.a_link(contract, group))
        for contract in (running, ended_contract)
    ]
    await Contract.filter(id=ended_contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")

    relation = await create(cast, await User.get(id=past.user_id))

    assert not await Membership.filter(work_relation=relation).exists()
    former = await former_memberships(actor=cast.actors["legal"], relation=relation)
    assert [membership.id for membership in former or []] == [fixed.id, specific.id]


async def test_former_memberships_are_visible_only_to_managers_who_are_administrators(cast: Cast):
    relation = await cast.a_colleague()
    assert await former_memberships(actor=cast.actors["manager"], relation=relation) is None
    await rows.a_right(cast.relations["manager"], Role.ADMINISTRATOR)
    assert await former_memberships(actor=cast.actors["manager"], relation=relation) == []
