"""Random sequences of creating, extending and ending work relations, checked as sets of days."""

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
MAX_DAYS = 1_461
"""The most days that four years have."""

DISTANCES = st.one_of(st.integers(-3, 40), st.integers(1_455, 1_465), st.integers(-400, 2_000))
STEPS = st.tuples(
    st.one_of(st.integers(0, 3), st.integers(0, 500), st.integers(1_400, 1_500)),
    st.sampled_from(["create", "update", "end"]),
    DISTANCES,
    DISTANCES,
)


@dataclass
class History:
    """One person's work relations, and the days that each has covered so far.

    Attributes:
        today: The current day.
        relations: In the order in which they were created.
        days: The days of each, by its key, after the last operation.
    """

    cast: Cast
    person: User
    today: date
    relations: list[WorkRelation] = field(default_factory=list)
    days: dict[int, set[date]] = field(default_factory=dict)

    async def apply(self, operation: str, first: int, last: int) -> None:
        """Applies one operation; a refused one changes nothing."""
        first_day, last_day = self.today + first * DAY, self.today + last * DAY
        try:
            if operation == "create":
                self.relations.append(
                    await create(self.cast, self.person, "legal", valid_from=first_day, valid_until=last_day)
                )
            elif self.relations and operation == "update":
                await update(self.cast, self.relations[first % len(self.relations)], "legal", valid_until=last_day)
            elif self.relations:
                await end(self.cast, self.relations[first % len(self.relations)], last_day, "legal")
        except (Refusal, Refusals):
            assert await self.read_days() == self.days
        await self.check(operation)

    async def read_days(self) -> dict[int, set[date]]:
        days_by_relation: dict[int, set[date]] = {}
        for period in await WorkRelationPeriod.filter(user_id=self.person.id):
            length = (period.valid_until - period.valid_from).days + 1
            days = {period.valid_from + number * DAY for number in range(length)}
            days_by_relation.setdefault(period.work_relation_id, set()).update(days)
        return days_by_relation

    async def check(self, operation: str) -> None:
        """Checks the invariants that hold after every operation."""
        current = await self.read_days()
        # No day belongs to two work relations.
        assert sum(map(len, current.values())) == len(set().union(*current.values()))
        # Past days don't change, and ending never adds a day.
        assert self.past(current) == self.past(self.days)
        assert operation != "end" or all(current[key] <= days for key, days in self.days.items())
        # No added day is four years or more after today, or after the first day if that is later.
        for key, days in current.items():
            added = days - self.days.get(key, set())
            assert all((day - max(self.today, min(days))).days < MAX_DAYS for day in added)
        self.days = current

    def past(self, days: dict[int, set[date]]) -> set[date]:
        return {day for days_of_relation in days.values() for day in days_of_relation if day < self.today}


@hypothesis_settings(max_examples=20, database=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=8))
async def test_invariants_hold_after_any_sequence_of_operations(cast: Cast, steps: list[tuple[int, str, int, int]]):
    history = History(cast, await cast.a_stranger(), BEGINNING)
    for elapsed, operation, first, last in steps:
        history.today = await travel_to(history.today + elapsed * DAY)
        await history.apply(operation, first, last)


async def test_each_operation_succeeds_at_least_once(cast: Cast):
    history = History(cast, await cast.a_stranger(), await travel_to(BEGINNING))
    totals: list[Any] = []
    for elapsed, operation, first, last in (
        (0, "create", 0, 9),
        (5, "update", 0, 20),
        (1, "end", 0, 2),
        (9, "update", 0, 3),
    ):
        history.today = await travel_to(history.today + elapsed * DAY)
        await history.apply(operation, first, last)
        totals.append(sum(map(len, history.days.values())))
    assert totals == [10, 26, 9, 13]


@pytest.mark.parametrize("leap", [date(2028, 2, 29), date(2096, 2, 29)])
async def test_the_longest_period_from_a_leap_day(cast: Cast, leap: date):
    history = History(cast, await cast.a_stranger(), await travel_to(leap))
    for last in (1_462, 1_461, 1_460, 1_459):
        await history.apply("create", 0, last)
    [days] = history.days.values()
    assert (min(days), max(days)) == (leap, date(leap.year + 4, 2, 28 if leap.year == 2028 else 27))
