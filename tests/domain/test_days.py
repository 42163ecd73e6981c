"""Calendar days in Brussels, and the last day of four years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.database.connection import database as connection
from domain.days import CALENDAR_END, brussels_day, latest_day

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 27, 22, 59, tzinfo=UTC), "2026-11-27"),
        (datetime(2026, 11, 27, 23, 0, tzinfo=UTC), "2026-11-28"),
        (datetime(2026, 7, 27, 22, 0, tzinfo=UTC), "2026-07-28"),
    ],
)
def test_the_day_of_a_moment_is_its_day_in_brussels(moment: datetime, day: str) -> None:
    assert brussels_day(moment).isoformat() == day


@pytest.mark.parametrize(
    ("counted_from", "latest"),
    [
        ("2026-11-23", "2030-11-22"),
        ("2027-01-01", "2030-12-31"),
        ("2024-02-28", "2028-02-27"),
        ("2024-02-29", "2028-02-28"),
        ("2024-03-01", "2028-02-29"),
        ("2096-02-28", "2100-02-27"),
        ("2096-02-29", "2100-02-27"),
        ("2096-03-01", "2100-02-28"),
        ("9995-12-30", "9999-12-29"),
        ("9995-12-31", "9999-12-30"),
        ("9996-01-01", "9999-12-30"),
        ("9999-12-31", "9999-12-30"),
    ],
)
def test_four_years_end_on_the_day_before_the_anniversary(counted_from: str, latest: str):
    assert latest_day(date.fromisoformat(counted_from)) == date.fromisoformat(latest)


def anniversary(day: date) -> date:
    """The fourth anniversary, computed naively."""
    try:
        return date(day.year + 4, day.month, day.day)
    except ValueError:
        return date(day.year + 4, 2, 28)


@given(st.dates(date(1970, 1, 1), date(9995, 12, 31)))
def test_four_years_are_calendar_years(counted_from: date):
    assert latest_day(counted_from) == anniversary(counted_from) - DAY
    assert latest_day(counted_from) <= CALENDAR_END
    # A period that begins a day later never ends earlier.
    assert latest_day(counted_from + DAY) >= latest_day(counted_from)


@pytest.mark.usefixtures("database")
async def test_rules_and_database_compute_the_same_four_years():
    first = date(2024, 1, 1)
    days = [first + number * DAY for number in range((date(2101, 1, 1) - first).days)]
    rows = await connection().execute_query_dict(
        "select (day + interval '4 years' - interval '1 day')::date as latest from unnest($1::date[]) as day", [days]
    )
    assert [row["latest"] for row in rows] == [latest_day(day) for day in days]


AROUND_MIDNIGHT = [
    # Brussels is one hour ahead of UTC in winter, and two in summer.
    ("2026-11-23 22:59:59.999999+00", "2026-11-23"),
    ("2026-11-23 23:00:00+00", "2026-11-24"),
    ("2027-07-01 21:59:59.999999+00", "2027-07-01"),
    ("2027-07-01 22:00:00+00", "2027-07-02"),
    # The year ends in Brussels before it ends in UTC.
    ("2026-12-31 22:59:59.999999+00", "2026-12-31"),
    ("2026-12-31 23:00:00+00", "2027-01-01"),
    # The days on which summer time begins and ends.
    ("2027-03-27 22:59:59+00", "2027-03-27"),
    ("2027-03-27 23:00:00+00", "2027-03-28"),
    ("2027-03-28 21:59:59+00", "2027-03-28"),
    ("2027-03-28 22:00:00+00", "2027-03-29"),
    ("2027-10-30 21:59:59+00", "2027-10-30"),
    ("2027-10-30 22:00:00+00", "2027-10-31"),
    ("2027-10-31 22:59:59+00", "2027-10-31"),
    ("2027-10-31 23:00:00+00", "2027-11-01"),
    ("2028-02-28 23:00:00+00", "2028-02-29"),
    ("2028-02-29 23:00:00+00", "2028-03-01"),
]


@pytest.mark.usefixtures("database")
async def test_the_day_changes_at_midnight_in_brussels(subtests: pytest.Subtests):
    for moment, day in AROUND_MIDNIGHT:
        with subtests.test(moment):
            assert await brussels_today_at(moment) == date.fromisoformat(day)


async def brussels_today_at(moment: str) -> date:
    """The result of `brussels_today()` at a moment: its body is run with the clock replaced by that moment."""
    [function] = await connection().execute_query_dict(
        "select pg_get_function_sqlbody('brussels_today'::regproc) as body"
    )
    body = str(function["body"])
    assert body.startswith("RETURN ")
    assert body.count("now()") == 1
    query = body.replace("RETURN ", "select ").replace("now()", f"timestamptz '{moment}'")
    [row] = await connection().execute_query_dict(query)
    day: date = next(iter(row.values()))
    return day
