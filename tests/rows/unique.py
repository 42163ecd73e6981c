"""Values that no two rows share, and the database's own day and moment."""

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
    """A number that no process of this run has given before."""
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
    """The SHA-256 of something that nothing else is."""
    return hashlib.sha256(str(a_serial()).encode()).digest()


def an_hour_before(columns: Mapping[str, Any], opened: str, closed: str) -> dict[str, Any]:
    """When a row is given a moment at which it was closed but none at which it was opened: an hour before."""
    if columns.get(closed) is None or opened in columns:
        return {}
    return {opened: columns[closed] - timedelta(hours=1)}


async def today() -> date:
    """The day in Brussels, by the database's clock."""
    day: date = await _answer("select brussels_today() as answer")
    return day


async def now() -> datetime:
    """The moment, by the database's clock."""
    moment: datetime = await _answer("select clock_timestamp() as answer")
    return moment


async def _answer(question: str) -> Any:
    return (await database().execute_query_dict(question))[0]["answer"]
