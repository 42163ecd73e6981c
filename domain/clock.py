"""The database's clock: the one clock that validity is told by."""

from typing import Final

from tortoise.expressions import RawSQL

MOMENT: Final = RawSQL("now()")
"""The moment of the running transaction, for columns that are closed with it."""
