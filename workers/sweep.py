"""The safety net: reads the outbox every two seconds, whether or not anybody rang."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from workers.mailroom import Mailroom
from workers.metrics import SWEPT

log = structlog.get_logger()

INTERVAL: Final = 2.0
"""Seconds between the beginning of a sweep and the next."""
SENDING: Final = 4
"""Sweeps that send, at once: one that a slow mail server keeps must not keep what becomes due meanwhile."""


async def sweep_for_ever(mailroom: Mailroom) -> None:
    """Routes and sends what waits until it is cancelled; a database that is away is waited for."""
    await asyncio.gather(
        _again_and_again("route", mailroom.route_due, at_once=1),
        _again_and_again("send", mailroom.send_due, at_once=SENDING),
    )


async def _again_and_again(name: str, sweep: Callable[[], Awaitable[int]], *, at_once: int) -> None:
    """Begins a sweep every two seconds, while fewer than so many are under way."""
    sweeping: set[asyncio.Task[int]] = set()
    failing = False
    try:
        while True:
            if len(sweeping) < at_once:
                sweeping.add(asyncio.ensure_future(sweep()))
            await asyncio.sleep(INTERVAL)
            over = {each for each in sweeping if each.done()}
            sweeping -= over
            for each in over:
                failing = _report(name, each.exception(), failing=failing)
    finally:
        for each in sweeping:
            each.cancel()


def _report(name: str, error: BaseException | None, *, failing: bool) -> bool:
    """Tells when sweeps begin to fail, and when they don't any more; answers whether they do."""
    if error is not None and not failing:
        log.error("sweep_failed", sweep=name, exc_info=(type(error), error, error.__traceback__))
    if error is None and failing:
        log.info("sweep_recovered", sweep=name)
    if error is None:
        SWEPT.labels(name).set_to_current_time()
    return error is not None
