"""Chores: periodic work that every worker does beside the sweep.

They only need PostgreSQL. Several workers may run the same chore at once, so each chore itself ensures that nothing is
done twice: it locks rows with `for update skip locked`, or inserts rows with a unique key.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from settings import Settings
from workers.metrics import CHORE_DONE, CHORE_FAILED, CHORE_WORK

log = structlog.get_logger()

MAX_RETRY_DELAY: Final = 60.0
"""Seconds after which a chore that failed is run again, unless its own interval is shorter."""


@dataclass(frozen=True, slots=True)
class Chore:
    """A piece of periodic work.

    Attributes:
        name: Its name in the log and the metrics.
        interval: Seconds between the end of one run and the next; the first run begins when the worker starts.
        run: Does a bounded amount of the work, and returns how much. It is called again immediately until it returns 0,
            so it must only count what it won't find again.
    """

    name: str
    interval: float
    run: Callable[[Settings], Awaitable[int]]


async def run_chores_forever(chores: Iterable[Chore], settings: Settings) -> None:
    """Runs each chore at its own interval until it is cancelled; chores don't wait for each other, or stop each other.

    Args:
        chores: The chores.
        settings: Passed to each chore.
    """
    async with asyncio.TaskGroup() as group:
        for chore in chores:
            group.create_task(_repeat(chore, settings))


async def _repeat(chore: Chore, settings: Settings) -> None:
    failing = False
    while True:
        try:
            # In a task, and so a context, of its own: if the database is lost while a transaction begins, Tortoise
            # leaves that transaction in the context, and no later statement would reach the database.
            await asyncio.create_task(_run(chore, settings))
        except Exception:  # the database is unavailable, or a bug: in both cases it is run again
            CHORE_FAILED.labels(chore.name).inc()
            if not failing:
                log.exception("chore_failed", chore=chore.name)
            failing = True
        else:
            if failing:
                log.info("chore_recovered", chore=chore.name)
            failing = False
            CHORE_DONE.labels(chore.name).set_to_current_time()
        await asyncio.sleep(min(MAX_RETRY_DELAY, chore.interval) if failing else chore.interval)


async def _run(chore: Chore, settings: Settings) -> None:
    while count := await chore.run(settings):
        CHORE_WORK.labels(chore.name).inc(count)
        log.info("chore_done", chore=chore.name, count=count)
