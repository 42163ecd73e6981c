"""Replaces the current day in a test's database: every rule calls `brussels_today()`.

Timestamps (`now()`, `clock_timestamp()`) don't change: when a right was granted, when a row was closed, the 24 hours
for which an added person is visible, the end of a session.
"""

from datetime import date

from tests.database_roles import execute_as_owner


async def travel_to(day: date | str) -> date:
    """Makes `day` the current day in Brussels until the test ends; returns it as a date."""
    today = date.fromisoformat(str(day))
    await execute_as_owner(
        f"create or replace function brussels_today() returns date language sql stable return date '{today}'"
    )
    return today
