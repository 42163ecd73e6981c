"""Prints the median duration in milliseconds of a claim of fifty mails, which are released each time."""

import asyncio
import statistics
import sys
import time

from domain.database.connection import close_database, open_database
from settings import settings
from workers.outbox.claimed_deliveries import release
from workers.outbox.delivery_claims import DeliveryClaimer


async def measure(times: int) -> None:
    await open_database(str(settings().database_url))
    claimer, durations = DeliveryClaimer(), []
    for _ in range(times):
        start = time.perf_counter()
        claims = await claimer.claim()
        durations.append(time.perf_counter() - start)
        await release(claims)
    await close_database()
    print(f"{statistics.median(durations) * 1000:.2f}")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1])))
