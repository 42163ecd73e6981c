"""How long a claim of fifty takes, with what waits now; every one is given back."""

import asyncio
import statistics
import sys
import time

from domain.database.connection import close_database, open_database
from settings import settings
from workers.outbox.claims import Turns
from workers.outbox.delivery import release


async def measure(times: int) -> None:
    await open_database(str(settings().database_url))
    turns, taken = Turns(), []
    for _ in range(times):
        begun = time.perf_counter()
        claims = await turns.claim()
        taken.append(time.perf_counter() - begun)
        await release(claims)
    await close_database()
    print(f"{statistics.median(taken) * 1000:.2f}")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1])))
