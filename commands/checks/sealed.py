"""Do the keys of the settings open what the database holds?"""

from typing import Any, Final

from commands.checks.finding import Finding
from domain.personal_values import KEY_PURPOSE
from domain.sealed_national_number import PURPOSE
from domain.sealing import SealingError, sealing

SAMPLES: Final = (
    ("person", "national_number_sealed", PURPOSE),
    ("personal_key", "sealed_key", KEY_PURPOSE),
)


async def unopened(connection: Any) -> list[Finding]:
    """A finding where a sealed value can't be opened: the oldest and the newest of each table are tried."""
    for table, column, purpose in SAMPLES:
        for order in ("", " desc"):
            row = await connection.fetchrow(f"select {column} as sealed from {table} order by id{order} limit 1")
            try:
                if row is not None:
                    sealing().unseal(row["sealed"], purpose)
            except SealingError as error:
                return [
                    Finding("NATIONAL_NUMBER_KEYS", str(error), "Give every key that values are still sealed with.")
                ]
    return []
