"""Any sequence of making, extending and ending work relations over the years, held to sets of days."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from domain.models import User, WorkRelation, WorkRelationPeriod
from domain.refusals import Refusal, Refusals
from tests.access_cast import Cast
from tests.domain.rules.test_work_relation import create
from tests.domain.rules.work_relations import end, update
from tests.time_travel import travel_to

DAY = timedelta(days=1)
BEGINNING = date(2027, 2, 20)
MOST = 1_461
"""Four years have so many days at most."""

DISTANCES = st.one_of(st.integers(-3, 40), st.integers(1_455, 1_465), st.integers(-400, 2_000))
STEPS = st.tuples(
    st.one_of(st.integers(0, 3), st.integers(0, 500), st.integers(1_400, 1_500)),
    st.sampled_from(["create", "update", "end"]),
    DISTANCES,
    DISTANCES,
)


@dataclass
class Years:
    """One person's work relations, and the days that each has covered so far.

    Attributes:
        today: Where in time we are.
        relations: In the order in which they were made.
        days: The days of each, by its key, as they were after the last act.
    """

    cast: Cast
    person: User
    today: date
    relations: list[WorkRelation] = field(default_factory=list)
    days: dict[int, set[date]] = field(default_factory=dict)

    async def act(self, verb: str, first: int, last: int) -> None:
        """Tries one act; what was refused changes nothing."""
        one, other = self.today + first * DAY, self.today + last * DAY
        try:
            if verb == "create":
                self.relations.append(await create(self.cast, self.person, "legal", valid_from=one, valid_until=other))
            elif self.relations and verb == "update":
                await update(self.cast, self.relations[first % len(self.relations)], "legal", valid_until=other)
            elif self.relations:
                await end(self.cast, self.relations[first % len(self.relations)], other, "legal")
        except (Refusal, Refusals):
            assert await self.covered() == self.days
        await self.check(verb)

    async def covered(self) -> dict[int, set[date]]:
        found: dict[int, set[date]] = {}
        for period in await WorkRelationPeriod.filter(user_id=self.person.id):
            length = (period.valid_until - period.valid_from).days + 1
            days = {period.valid_from + number * DAY for number in range(length)}
            found.setdefault(period.work_relation_id, set()).update(days)
        return found

    async def check(self, verb: str) -> None:
        """What holds after every act, whatever it was."""
        now = await self.covered()
        # No day belongs to two work relations.
        assert sum(map(len, now.values())) == len(set().union(*now.values()))
        # What was, stays as it was; ending never adds a day.
        assert self.past(now) == self.past(self.days)
        assert verb != "end" or all(now[key] <= days for key, days in self.days.items())
        # Whoever has access today has it for four years at most, and a new day was never further away than that.
        for key, days in now.items():
            added = days - self.days.get(key, set())
            assert all((day - max(self.today, min(days))).days < MOST for day in added)
        self.days = now

    def past(self, days: dict[int, set[date]]) -> set[date]:
        return {day for some in days.values() for day in some if day < self.today}


@hypothesis_settings(max_examples=20, database=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=8))
async def test_over_the_years(cast: Cast, steps: list[tuple[int, str, int, int]]):
    years = Years(cast, await cast.a_stranger(), BEGINNING)
    for passed, verb, first, last in steps:
        years.today = await travel_to(years.today + passed * DAY)
        await years.act(verb, first, last)


async def test_the_acts_of_the_test_above_do_succeed(cast: Cast):
    years = Years(cast, await cast.a_stranger(), await travel_to(BEGINNING))
    seen: list[Any] = []
    for passed, verb, first, last in ((0, "create", 0, 9), (5, "update", 0, 20), (1, "end", 0, 2), (9, "update", 0, 3)):
        years.today = await travel_to(years.today + passed * DAY)
        await years.act(verb, first, last)
        seen.append(sum(map(len, years.days.values())))
    assert seen == [10, 26, 9, 13]


@pytest.mark.parametrize("leap", [date(2028, 2, 29), date(2096, 2, 29)])
async def test_from_a_leap_day_on(cast: Cast, leap: date):
    years = Years(cast, await cast.a_stranger(), await travel_to(leap))
    for last in (1_462, 1_461, 1_460, 1_459):
        await years.act("create", 0, last)
    [days] = years.days.values()
    assert (min(days), max(days)) == (leap, date(leap.year + 4, 2, 28 if leap.year == 2028 else 27))
