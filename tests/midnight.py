"""Keeps midnight out of the tests: no day ends during a test, and no rows of the day before are reused."""

import time
from datetime import UTC, datetime, timedelta

from domain.days import BRUSSELS

LONGEST_TEST = timedelta(minutes=1)
"""Longer than any test that depends on the day."""


def wait_out_midnight() -> None:
    """Waits for midnight if it is less than a minute away, in Brussels or in UTC; otherwise returns at once."""
    moment = datetime.now(UTC)
    for zone in (BRUSSELS, UTC):
        soon = (moment + LONGEST_TEST).astimezone(zone)
        begins = soon.replace(hour=0, minute=0, second=0, microsecond=0)
        if begins > moment:
            time.sleep((begins - moment).total_seconds())


def today_suffix() -> str:
    """Today in Brussels as `yyyymmdd`, for the names of databases whose rows are valid for one day."""
    return f"{datetime.now(BRUSSELS):%Y%m%d}"
