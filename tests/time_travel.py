"""Another day in a test's own database: every rule asks `brussels_today()`.

Moments (`now()`, `clock_timestamp()`) stay where they are: when a right was granted, when a row was closed, the 24
hours of a person that was added, the end of a session.
"""

from datetime import date

from tests.owner import as_owner


async def it_is(day: date | str) -> date:
    """From now on it is that day in Brussels; gives the day back."""
    told = date.fromisoformat(str(day))
    await as_owner(f"create or replace function brussels_today() returns date language sql stable return date '{told}'")
    return told
