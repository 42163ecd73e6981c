"""The database's clock, which decides what is valid."""

from datetime import date
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import RawSQL

NOW: Final = RawSQL("clock_timestamp()")
"""The current moment, for columns that end a period.

Not the start of the transaction: one that waited for a lock may have started before the period that it ends.
"""


async def brussels_today(database: BaseDBAsyncClient) -> date:
    """Today in Brussels, asked of the database or inside one of its transactions."""
    today: date = (await database.execute_query_dict("select brussels_today() as today"))[0]["today"]
    return today
