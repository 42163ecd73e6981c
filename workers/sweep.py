"""The sweep: reads the outbox every two seconds, whether or not the doorbell rang."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from workers.dispatcher import Dispatcher
from workers.metrics import SWEPT

log = structlog.get_logger()

INTERVAL: Final = 2.0
"""Seconds from the beginning of one sweep to the next."""
MAX_SEND_SWEEPS: Final = 4
"""The maximum number of concurrent sweeps that send: one that waits for a slow mail server must not delay new mails."""


async def sweep_forever(dispatcher: Dispatcher) -> None:
    """Routes and sends what is waiting until it is cancelled; it keeps trying while the database is unavailable."""
    await asyncio.gather(
        _repeat("route", dispatcher.route_due, max_concurrent=1),
        _repeat("send", dispatcher.send_due, max_concurrent=MAX_SEND_SWEEPS),
    )


async def _repeat(name: str, sweep: Callable[[], Awaitable[int]], *, max_concurrent: int) -> None:
    """Begins a sweep every two seconds, while fewer than `max_concurrent` are running."""
    running: set[asyncio.Task[int]] = set()
    failing = False
    try:
        while True:
            if len(running) < max_concurrent:
                running.add(asyncio.ensure_future(sweep()))
            await asyncio.sleep(INTERVAL)
            done = {task for task in running if task.done()}
            running -= done
            for task in done:
                failing = _report(name, task.exception(), failing=failing)
    finally:
        for task in running:
            task.cancel()


def _report(name: str, error: BaseException | None, *, failing: bool) -> bool:
    """Logs when sweeps begin to fail, and when they recover; returns whether they fail now."""
    if error is not None and not failing:
        log.error("sweep_failed", sweep=name, exc_info=(type(error), error, error.__traceback__))
    if error is None and failing:
        log.info("sweep_recovered", sweep=name)
    if error is None:
        SWEPT.labels(name).set_to_current_time()
    return error is not None
