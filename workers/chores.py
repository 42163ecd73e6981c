"""What time alone brings about: chores that every worker does now and then, beside the sweep.

They live by PostgreSQL alone. Any number of workers do the same chore at once, so a chore does nothing twice by its own
means: it takes rows with `for update skip locked`, or writes what a unique key allows once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from settings import Settings
from workers.metrics import CHORE_DONE, CHORE_FAILED, CHORE_WORK

log = structlog.get_logger()

AGAIN_AFTER: Final = 60.0
"""Seconds after which a chore that failed is tried again, unless its own turn comes sooner."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do now and then.

    Attributes:
        name: What the log calls it.
        every: Seconds between the end of one turn and the next; the first comes when the worker starts.
        do: Does a bounded piece of the work, and answers how much that was. It is asked again at once until nothing
            was left to do, so it must count only what it won't find again.
    """

    name: str
    every: float
    do: Callable[[Settings], Awaitable[int]]


async def do_chores_for_ever(chores: Iterable[Chore], settings: Settings) -> None:
    """Does each chore at its own pace until it is cancelled; none waits for another, or stops because another failed.

    Args:
        chores: What is to be done.
        settings: What each of them is given.
    """
    async with asyncio.TaskGroup() as group:
        for chore in chores:
            group.create_task(_do_for_ever(chore, settings))


async def _do_for_ever(chore: Chore, settings: Settings) -> None:
    failing = False
    while True:
        try:
            # In a task, and so a context, of its own: where the database goes away while a transaction begins, Tortoise
            # leaves that transaction behind in the context, and nothing after it would reach the database again.
            await asyncio.create_task(_do(chore, settings))
        except Exception:  # a database that is away, or a fault of ours: in both cases it is tried again
            CHORE_FAILED.labels(chore.name).inc()
            if not failing:
                log.exception("chore_failed", chore=chore.name)
            failing = True
        else:
            if failing:
                log.info("chore_recovered", chore=chore.name)
            failing = False
            CHORE_DONE.labels(chore.name).set_to_current_time()
        await asyncio.sleep(min(AGAIN_AFTER, chore.every) if failing else chore.every)


async def _do(chore: Chore, settings: Settings) -> None:
    while done := await chore.do(settings):
        CHORE_WORK.labels(chore.name).inc(done)
        log.info("chore_done", chore=chore.name, count=done)
