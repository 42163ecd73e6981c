"""The large data set: many realistic organisations, the same each time."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from domain.sealed_national_number import number_columns

SEED = Path(__file__).with_name("seed.sql")
PEOPLE_MARKER = "-- PEOPLE"
"""Where people are inserted between the statements."""
NAMES = (
    ("An", "Bram", "Chantal", "Dirk", "Els", "Fatima", "Geert", "Hilde", "Ivo", "Jana", "Koen", "Lies", "Mohamed"),
    ("Peeters", "De Smet", "Claes", "Van den Bossche", "Janssens", "Wouters", "El Amrani", "Lambrecht", "Maes"),
)
LANGUAGES = ("NL", "NL", "NL", "NL", "FR", "NL", "EN", "NL", None, "DE")
SERIALS_PER_DAY = 900


@dataclass(frozen=True)
class Size:
    """The number of organisations, and of the people, groups and contracts of each."""

    organisations: int = 200
    users: int = 40
    groups: int = 12
    contracts: int = 60


async def fill(connection: asyncpg.Connection, size: Size) -> None:
    """Fills a migrated database; national register numbers are encrypted with the keys of the settings."""
    statements = SEED.read_text()
    for name, value in asdict(size).items():
        statements = statements.replace(f"{{{name}}}", str(value))
    before_people, after_people = statements.split(PEOPLE_MARKER)
    async with connection.transaction():
        await connection.execute(before_people)
        people = [_person_columns(key) for key in range(1, size.organisations * size.users + 1)]
        await connection.copy_records_to_table(
            "person", records=[tuple(person.values()) for person in people], columns=list(people[0])
        )
        await connection.execute(after_people)
        await _advance_sequences(connection)
    await connection.execute("vacuum (analyze)")


def _person_columns(key: int) -> dict[str, Any]:
    """A person's columns, with a number of their own, which SQL can't encrypt."""
    days, serial = divmod(key, SERIALS_PER_DAY)
    born = date(1960, 1, 1) + timedelta(days=days * 37)
    first_nine = f"{born:%y%m%d}{serial + 1:03}"
    given_name, family_name = (names[key % len(names)] for names in NAMES)
    return {
        "id": key,
        "given_name": given_name,
        "family_name": family_name,
        "birth_date": born,
        "language": LANGUAGES[key % len(LANGUAGES)],
        **number_columns(f"{first_nine}{97 - int(first_nine) % 97:02}"),
    }


async def _advance_sequences(connection: asyncpg.Connection) -> None:
    """Sets the sequence of every table's key to follow the highest key."""
    tables = await connection.fetch(
        "select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'"
        " where c.relkind = 'r' and pg_get_serial_sequence(quote_ident(c.relname), 'id') is not null"
        " and c.relnamespace = 'public'::regnamespace"
    )
    for (name,) in tables:
        sequence = f"pg_get_serial_sequence('\"{name}\"', 'id')"
        await connection.execute(f'select setval({sequence}, coalesce(max(id), 0) + 1, false) from "{name}"')
