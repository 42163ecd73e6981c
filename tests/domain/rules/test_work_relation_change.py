"""Updating and ending a work relation (manual 2.1.3, domain 3)."""

from datetime import date, timedelta

import pytest

from domain.models import WorkRelation, WorkRelationCategory
from domain.refusals import (
    EmailAddressInvalid,
    Forbidden,
    LastDayBeforeFirstDay,
    LastDayNotEarlier,
    LastDayReached,
    NobodyHelpsThemselves,
    NotFound,
    PhoneInvalid,
    Required,
    StaleVersion,
    WorkRelationOver,
)
from domain.rules.work_relation_change import WorkRelationUpdate, update_work_relation
from tests.access_cast import MANAGERS, Cast
from tests.domain.rules.work_relations import FIRST, LAST, end, periods, update
from tests.refusals import assert_refused
from tests.table_contents import assert_tables_unchanged
from tests.time_travel import travel_to

DAY = timedelta(days=1)


async def test_the_given_day_is_the_last_day_of_an_ended_work_relation(cast: Cast, relation: WorkRelation):
    await end(cast, relation, date(2027, 9, 30), reason=" Einde van de werf ")
    assert await periods(relation) == [(FIRST, date(2027, 9, 30), FIRST)]
    assert (await WorkRelation.get(id=relation.id)).version == 2


async def test_a_work_relation_can_end_today(cast: Cast, relation: WorkRelation):
    today = await travel_to("2027-10-31")
    await end(cast, relation, today)
    assert await periods(relation) == [(FIRST, today, FIRST)]


async def test_a_work_relation_can_only_be_ended_on_an_earlier_day(cast: Cast, relation: WorkRelation):
    for on in (LAST, LAST + DAY, date.max):
        async with assert_refused(LastDayNotEarlier, "on", current=LAST):
            await end(cast, relation, on)
    await travel_to(LAST)
    async with assert_refused(LastDayReached, "on", last_day=LAST):
        await end(cast, relation, LAST)
    await travel_to(LAST + DAY)
    async with assert_refused(WorkRelationOver, "on", last_day=LAST):
        await end(cast, relation, LAST + DAY)
    await travel_to("2027-02-01")
    async with assert_refused(LastDayBeforeFirstDay, "on", first_day=FIRST):
        await end(cast, relation, FIRST - DAY)


async def test_a_reason_for_ending_is_required(cast: Cast, relation: WorkRelation):
    async with assert_refused(Required, "reason"):
        await end(cast, relation, date(2027, 9, 30), reason="  ")


async def test_category_phone_and_email_are_updated_and_emptied(cast: Cast, relation: WorkRelation):
    await update(cast, relation, email="sofie@aannemer.example", phone=" 03/123 45 67 ")
    await update(cast, relation, category=WorkRelationCategory.EXTERNAL)
    stored = await WorkRelation.get(id=relation.id)
    assert (stored.category, stored.email, stored.phone) == ("EXTERNAL", "sofie@aannemer.example", "+32 3 123 45 67")
    assert stored.version == 3

    await update(cast, relation, email=None, phone=None)

    stored = await WorkRelation.get(id=relation.id)
    assert (stored.category, stored.email, stored.phone) == ("EXTERNAL", None, None)
    assert await periods(relation) == [(FIRST, LAST, FIRST)]


async def test_an_invalid_email_or_phone_is_refused(cast: Cast, relation: WorkRelation):
    async with assert_refused(EmailAddressInvalid, "email"):
        await update(cast, relation, email="sofie@", valid_until=date(2028, 1, 1))
    async with assert_refused(PhoneInvalid, "phone"):
        await update(cast, relation, phone="geen", valid_until=date(2028, 1, 1))


async def test_an_unnormalised_stored_phone_can_be_sent_back_unchanged(cast: Cast, relation: WorkRelation):
    await WorkRelation.filter(id=relation.id).update(phone="03-123.45.67 (ook 's avonds)")
    await update(cast, relation, email="sofie@aannemer.example", phone="03-123.45.67 (ook 's avonds)")
    stored = await WorkRelation.get(id=relation.id)
    assert (stored.email, stored.phone) == ("sofie@aannemer.example", "03-123.45.67 (ook 's avonds)")


async def test_an_update_to_the_same_values_changes_nothing(cast: Cast, relation: WorkRelation):
    async with assert_tables_unchanged():
        await update(cast, relation)
        await update(
            cast, relation, valid_until=LAST, category=WorkRelationCategory.PERMANENT, email=relation.email, phone=None
        )


async def test_a_stale_version_is_refused_with_the_current_state(cast: Cast, relation: WorkRelation):
    for version in (0, 2):
        facts = {"current": relation, "version": 1, "given": version}
        async with assert_refused(StaleVersion, "version", **facts):
            await update_work_relation(
                actor=cast.actors["legal"],
                work_relation_id=relation.id,
                version=version,
                update=WorkRelationUpdate(valid_until=date(2028, 1, 1)),
            )
        async with assert_refused(StaleVersion, "version", **facts):
            await end(cast, relation, date(2027, 7, 1), version=version)


@pytest.mark.usefixtures("relation")
async def test_only_legal_representatives_change_their_own_work_relation(cast: Cast):
    today = date(2027, 6, 15)
    for who in MANAGERS[1:]:
        async with assert_refused(NobodyHelpsThemselves, "id"):
            await update(cast, cast.relations[who], who, valid_until=today)
        async with assert_refused(NobodyHelpsThemselves, "id"):
            await end(cast, cast.relations[who], today, who)
    async with assert_refused(Forbidden):
        await update(cast, cast.relations["user"], "user", phone="03/123 45 67")

    own = await cast.a_colleague(user=cast.people["legal"], first_day=FIRST, last_day=LAST)
    await update(cast, own, "legal", valid_until=date(2028, 1, 1))
    await end(cast, own, today, "legal")
    assert await periods(own) == [(FIRST, today, today)]


async def test_others_find_no_work_relation(cast: Cast, relation: WorkRelation):
    for who in ("outsider", "newcomer", "user", "machine"):
        async with assert_refused(NotFound, "id"):
            await update(cast, relation, who, valid_until=date(2028, 1, 1))
        async with assert_refused(NotFound, "id"):
            await end(cast, relation, date(2027, 7, 1), who)
