"""The database's clock: the one clock that validity is told by."""

from typing import Final

from tortoise.expressions import RawSQL

MOMENT: Final = RawSQL("clock_timestamp()")
"""This very moment, for columns that are closed.

Not the transaction's beginning: one that waited for a lock began before the row was opened that it closes.
"""
