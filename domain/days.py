"""Calendar days in Brussels, and the four years that a work relation lasts at most."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
MAX_YEARS: Final = 4
CALENDAR_END: Final = date.max - timedelta(days=1)
"""The last day that a work relation can have; the database driver takes the next day for infinity."""


def brussels_day(moment: datetime) -> date:
    """The calendar day in Brussels at a moment."""
    return moment.astimezone(BRUSSELS).date()


def latest_day(counted_from: date) -> date:
    """The last day of a work relation that is counted from a day: its fourth anniversary less one day.

    A day of 29 February has its anniversary on 28 February in a year without one.
    """
    if counted_from.year > CALENDAR_END.year - MAX_YEARS:
        return CALENDAR_END
    latest: date = counted_from + relativedelta(years=MAX_YEARS) - timedelta(days=1)
    return latest
