"""Calendar days in Brussels, and the four years that a work relation lasts at most."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
MOST_YEARS: Final = 4
LAST_DAY: Final = date.max - timedelta(days=1)
"""Where the calendar of work relations ends; the database's driver takes the day after it for infinity."""


def day_of(moment: datetime) -> date:
    """The calendar day in Brussels at a moment."""
    return moment.astimezone(BRUSSELS).date()


def latest_day(counted_from: date) -> date:
    """The last day of a work relation that is counted from a day: its fourth anniversary less one day.

    A day of 29 February has its anniversary on 28 February in a year without one.
    """
    if counted_from.year > LAST_DAY.year - MOST_YEARS:
        return LAST_DAY
    latest: date = counted_from + relativedelta(years=MOST_YEARS) - timedelta(days=1)
    return latest
