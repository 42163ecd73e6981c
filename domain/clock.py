"""The database's clock: the one clock that validity is told by."""

from datetime import date
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import RawSQL

MOMENT: Final = RawSQL("clock_timestamp()")
"""This very moment, for columns that are closed.

Not the transaction's beginning: one that waited for a lock began before the row was opened that it closes.
"""


async def brussels_today(database: BaseDBAsyncClient) -> date:
    """Today in Brussels, asked of the database or inside one of its transactions."""
    today: date = (await database.execute_query_dict("select brussels_today() as today"))[0]["today"]
    return today
