"""Can the keys of the settings unseal what is in the database?"""

from typing import Any, Final

from commands.checks.finding import Finding
from domain.personal_values import KEY_PURPOSE
from domain.sealed_national_number import PURPOSE
from domain.sealing import SealingError, sealing

SEALED_COLUMNS: Final = (
    ("person", "national_number_sealed", PURPOSE),
    ("personal_key", "sealed_key", KEY_PURPOSE),
)
_CAN_READ: Final = "select has_column_privilege($1, $2, 'select')"


async def check_sealing_keys(connection: Any) -> list[Finding]:
    """Checks that sealed values can be unsealed: the oldest and the newest of each table are tried.

    A role that can't read sealed values, such as the worker's, needs no keys for them.
    """
    for table, column, purpose in SEALED_COLUMNS:
        if not await connection.fetchval(_CAN_READ, table, column):
            continue
        for order in ("", " desc"):
            row = await connection.fetchrow(
                f"select {column} as sealed from {table} where {column} is not null order by id{order} limit 1"
            )
            try:
                if row is not None:
                    sealing().unseal(row["sealed"], purpose)
            except SealingError as error:
                return [
                    Finding("NATIONAL_NUMBER_KEYS", str(error), "Give every key that values are still sealed with.")
                ]
    return []
