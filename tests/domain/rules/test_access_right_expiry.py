"""A right expires at midnight in Brussels without any job (manual 2.1.3, domain 3 and 8)."""

from datetime import date, timedelta

import pytest

from domain.models import AccessRight, Role, WorkRelation
from domain.refusals import WorkRelationExpired
from domain.standing import Standing
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.rights import change, grant, revoke
from tests.domain.rules.test_work_relation import create
from tests.domain.rules.work_relations import FIRST, LAST, end, update
from tests.refusals import assert_refused
from tests.table_contents import read_tables
from tests.time_travel import travel_to

DAY = timedelta(days=1)


@pytest.fixture
async def contract(cast: Cast, relation: WorkRelation) -> int:
    """A contract that a group opens to the person of the work relation, as USER."""
    contract = await rows.a_contract(cast.organisation)
    group = await rows.a_group(cast.organisation)
    await rows.a_link(contract, group)
    await rows.a_membership(group, relation)
    await rows.a_right(relation)
    return int(contract.id)


async def standing(cast: Cast, relation: WorkRelation) -> Standing:
    return await Standing.of(cast.actor_of(relation))


@pytest.mark.parametrize(
    "last",
    # The end of a year, a leap day, the day before 1 March, and the days on which summer time begins and ends.
    ["2027-12-31", "2028-02-29", "2029-02-28", "2028-03-26", "2028-10-29"],
)
async def test_access_lasts_until_the_end_of_the_last_day(cast: Cast, relation: WorkRelation, contract: int, last: str):
    last_day = date.fromisoformat(last)
    if last_day != LAST:
        await update(cast, relation, valid_until=last_day)
    before = await read_tables()

    await travel_to(last_day)
    assert (await standing(cast, relation)).acts_for == [cast.organisation.id]
    assert await cast.contracts_of(relation) == [contract]

    await travel_to(last_day + DAY)
    after = await standing(cast, relation)
    assert (after.acts_for, after.administers, after.user_of, after.user_work_relations) == ([], [], [], [])
    assert await cast.contracts_of(relation) == []
    assert await read_tables() == before


async def test_access_begins_on_the_first_day(cast: Cast, relation: WorkRelation, contract: int):
    await travel_to(FIRST - DAY)
    assert (await standing(cast, relation)).acts_for == []
    await travel_to(FIRST)
    assert await cast.contracts_of(relation) == [contract]


async def test_a_work_relation_ended_today_gives_access_until_midnight(
    cast: Cast, relation: WorkRelation, contract: int
):
    today = await travel_to("2027-06-15")
    await end(cast, relation, today)
    assert await cast.contracts_of(relation) == [contract]
    await travel_to(today + DAY)
    assert await cast.contracts_of(relation) == []


async def test_an_extension_makes_right_and_memberships_count_again(cast: Cast, relation: WorkRelation, contract: int):
    today = await travel_to("2028-02-29")
    assert await cast.contracts_of(relation) == []

    await update(cast, relation, valid_until=today)

    assert await cast.contracts_of(relation) == [contract]
    assert (await standing(cast, relation)).user_work_relations == [relation.id]


async def test_a_new_work_relation_starts_without_right_and_memberships(
    cast: Cast, relation: WorkRelation, contract: int
):
    assert contract
    today = await travel_to("2028-02-29")
    await relation.fetch_related("user")

    new_relation = await create(cast, relation.user, valid_from=today)
    assert (await standing(cast, new_relation)).acts_for == []

    await grant(cast, new_relation, roles=[Role.USER])
    assert (await standing(cast, new_relation)).user_of == [cast.organisation.id]
    assert await cast.contracts_of(new_relation) == []


async def test_a_lapsed_right_can_be_changed_and_revoked_but_not_granted(
    cast: Cast, relation: WorkRelation, contract: int
):
    assert contract
    await travel_to(LAST + DAY)
    right = await AccessRight.get(work_relation_id=relation.id)
    await change(cast, right, roles=[Role.USER])
    await revoke(cast, right)
    async with assert_refused(WorkRelationExpired, "workRelationId", last_day=LAST):
        await grant(cast, relation)

    await update(cast, relation, valid_until=LAST + DAY)
    await grant(cast, relation)


async def test_an_access_manager_whose_work_relation_lapsed_manages_nothing(cast: Cast, relation: WorkRelation):
    await end(cast, cast.relations["manager"], date(2027, 6, 15), "legal")
    await update(cast, relation, "manager", phone="03/123 45 67")
    await travel_to("2027-06-16")
    assert (await Standing.of(cast.actors["manager"])).manages == []
