"""The rights that expire soon, for access managers (domain 3), by the day in Brussels."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.models import WorkRelationPeriod
from tests import rows
from tests.access_cast import MANAGERS, Cast, cast
from tests.gql.access_mutations import id_of
from tests.gql.execution import read
from tests.time_travel import travel_to

__all__ = ["cast"]
DAY = timedelta(days=1)
FIRST_DAY, TODAY, LAST_DAY = date(2027, 1, 4), date(2027, 12, 1), date(2030, 1, 3)
EXPIRING_RIGHTS = """query($id: ID!, $days: Int! = 30) { node(id: $id) { ... on Organisation {
  expiringRights(withinDays: $days) { totalCount edges { node {
    workRelation { validUntil user { familyName } } } } } } } }"""


@pytest.fixture(autouse=True)
async def at_today(cast: Cast) -> None:
    """It is 1 December 2027, and the work relations of the cast last until 2030."""
    assert cast.organisation
    await WorkRelationPeriod.all().update(valid_from=FIRST_DAY, counted_from=FIRST_DAY, valid_until=LAST_DAY)
    await travel_to(TODAY)


async def a_right_of(cast: Cast, name: str, last_day: date, **columns: Any) -> None:
    person = await rows.a_user(family_name=name)
    await rows.a_right(await cast.a_colleague(user=person, first_day=FIRST_DAY, last_day=last_day), **columns)


async def expiring_rights(cast: Cast, who: str, **arguments: Any) -> Any:
    organisation = (await read(cast.actors[who], EXPIRING_RIGHTS, id=id_of(cast.organisation), **arguments))["node"]
    return organisation and organisation["expiringRights"]


async def test_rights_that_expire_within_30_days_are_listed_nearest_first(cast: Cast):
    for name, days in (("Dertig", 30), ("Vandaag", 0), ("Eenendertig", 31), ("Gisteren", -1), ("Zeven", 7)):
        await a_right_of(cast, name, TODAY + days * DAY)
    await a_right_of(cast, "Ingetrokken", TODAY, revoked_at=await rows.now())
    continued = await cast.a_colleague(first_day=FIRST_DAY, last_day=TODAY)
    await rows.a_right(continued)
    await rows.a_period(continued, TODAY + 9 * DAY, LAST_DAY)

    for who in MANAGERS:
        connection = await expiring_rights(cast, who)
        relations = [edge["node"]["workRelation"] for edge in connection["edges"]]
        assert [(relation["user"]["familyName"], relation["validUntil"]) for relation in relations] == [
            ("Vandaag", "2027-12-01"),
            ("Zeven", "2027-12-08"),
            ("Dertig", "2027-12-31"),
        ]
        assert connection["totalCount"] == 3
        assert [(await expiring_rights(cast, who, days=days))["totalCount"] for days in (0, 6, 7, 31)] == [1, 1, 2, 4]


async def test_a_right_is_listed_from_30_days_before_until_its_last_day(cast: Cast):
    await a_right_of(cast, "Zeven", TODAY + 7 * DAY)
    counts = []
    for day in (TODAY - 24 * DAY, TODAY - 23 * DAY, TODAY + 7 * DAY, TODAY + 8 * DAY):
        await travel_to(day)
        counts.append((await expiring_rights(cast, "manager"))["totalCount"])
    assert counts == [0, 1, 1, 0]


@pytest.mark.parametrize("who", ["admin", "user", "outsider", "newcomer", "machine"])
async def test_nobody_else_reads_the_expiring_rights(cast: Cast, who: str):
    await a_right_of(cast, "Zeven", TODAY + 7 * DAY)
    assert await expiring_rights(cast, who) is None
