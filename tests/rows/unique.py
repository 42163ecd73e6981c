"""Unique values for rows, and the day and time of the database's clock."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import count
from os import environ
from typing import Any

from domain.database.connection import database

# A database that one process fills is copied by the others, which go on to write rows in it.
_process, _processes = environ.get("PYTEST_XDIST_WORKER", "gw0"), environ.get("PYTEST_XDIST_WORKER_COUNT", "1")
_serials = count(1 + int(_process.removeprefix("gw")), int(_processes))


def a_serial() -> int:
    """A number that is unique among the processes of this run."""
    return next(_serials)


def an_enterprise_number() -> str:
    """Ten digits with their check digits."""
    first = f"{1_000_000 + a_serial():08}"
    return f"{first}{97 - int(first) % 97:02}"


def a_national_number() -> str:
    """Eleven digits with their check digits; the person was born in the seventies."""
    years, serial = divmod(a_serial(), 998)
    days, year = divmod(years, 10)
    months, day = divmod(days, 28)
    first = f"{70 + year:02}{4 + months:02}{1 + day:02}{serial + 1:03}"
    return f"{first}{97 - int(first) % 97:02}"


def a_digest() -> bytes:
    """A unique SHA-256 digest."""
    return hashlib.sha256(str(a_serial()).encode()).digest()


def default_opening(columns: Mapping[str, Any], opened: str, closed: str) -> dict[str, Any]:
    """The default of the column `opened`: an hour before `closed`, if the row has only the latter; otherwise none."""
    if columns.get(closed) is None or opened in columns:
        return {}
    return {opened: columns[closed] - timedelta(hours=1)}


async def today() -> date:
    """The day in Brussels, by the database's clock."""
    day: date = await _select("select brussels_today() as answer")
    return day


async def now() -> datetime:
    """The moment, by the database's clock."""
    moment: datetime = await _select("select clock_timestamp() as answer")
    return moment


async def _select(query: str) -> Any:
    return (await database().execute_query_dict(query))[0]["answer"]
