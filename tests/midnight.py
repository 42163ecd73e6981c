"""No test is surprised by a new day: neither in its middle, nor by rows that were made for the day before."""

import time
from datetime import UTC, datetime, timedelta

from domain.days import BRUSSELS

LONGEST = timedelta(minutes=1)
"""What no test that asks for the day takes."""


def wait_out_midnight() -> None:
    """Returns at once, unless a day is about to end, in Brussels or in universal time: then when the next has begun."""
    moment = datetime.now(UTC)
    for zone in (BRUSSELS, UTC):
        soon = (moment + LONGEST).astimezone(zone)
        begins = soon.replace(hour=0, minute=0, second=0, microsecond=0)
        if begins > moment:
            time.sleep((begins - moment).total_seconds())


def name_of_today() -> str:
    """What tells today's rows from those of another day, as a part of a name."""
    return f"{datetime.now(BRUSSELS):%Y%m%d}"
