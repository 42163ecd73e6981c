"""The large data set: believable organisations in bulk, the same at every seeding."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from domain.sealed_national_number import number_columns as sealed

SEED = Path(__file__).with_name("seed.sql")
PEOPLE = "-- People stand here."
NAMES = (
    ("An", "Bram", "Chantal", "Dirk", "Els", "Fatima", "Geert", "Hilde", "Ivo", "Jana", "Koen", "Lies", "Mohamed"),
    ("Peeters", "De Smet", "Claes", "Van den Bossche", "Janssens", "Wouters", "El Amrani", "Lambrecht", "Maes"),
)
LANGUAGES = ("NL", "NL", "NL", "NL", "FR", "NL", "EN", "NL", None, "DE")
SERIALS = 900


@dataclass(frozen=True)
class Size:
    """How much of everything: organisations, and people, groups and contracts of each."""

    organisations: int = 200
    users: int = 40
    groups: int = 12
    contracts: int = 60


async def fill(connection: asyncpg.Connection, size: Size) -> None:
    """Fills a database in its newest form; the keys of the settings seal the people's numbers."""
    statements = SEED.read_text()
    for name, value in asdict(size).items():
        statements = statements.replace(f"{{{name}}}", str(value))
    before, after = statements.split(PEOPLE)
    async with connection.transaction():
        await connection.execute(before)
        people = [_person(key) for key in range(1, size.organisations * size.users + 1)]
        columns = list(people[0])
        await connection.copy_records_to_table(
            "person", records=[tuple(one.values()) for one in people], columns=columns
        )
        await connection.execute(after)
        await _count_on(connection)
    await connection.execute("vacuum (analyze)")


def _person(key: int) -> dict[str, Any]:
    """A row of somebody with a number of their own, which only we can seal: no statement could make it."""
    days, serial = divmod(key, SERIALS)
    born = date(1960, 1, 1) + timedelta(days=days * 37)
    first = f"{born:%y%m%d}{serial + 1:03}"
    given, family = (names[key % len(names)] for names in NAMES)
    known = {"id": key, "given_name": given, "family_name": family, "birth_date": born}
    return known | {"language": LANGUAGES[key % len(LANGUAGES)]} | sealed(f"{first}{97 - int(first) % 97:02}")


async def _count_on(connection: asyncpg.Connection) -> None:
    """Has every table's next key follow the highest that was given by hand."""
    tables = await connection.fetch(
        "select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'"
        " where c.relkind = 'r' and pg_get_serial_sequence(quote_ident(c.relname), 'id') is not null"
        " and c.relnamespace = 'public'::regnamespace"
    )
    for (name,) in tables:
        sequence = f"pg_get_serial_sequence('\"{name}\"', 'id')"
        await connection.execute(f'select setval({sequence}, coalesce(max(id), 0) + 1, false) from "{name}"')
