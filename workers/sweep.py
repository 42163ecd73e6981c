"""The safety net: reads the outbox every two seconds, whether or not anybody rang."""

import asyncio
from typing import Final

import structlog

from workers.mailroom import Mailroom

log = structlog.get_logger()

INTERVAL: Final = 2.0
"""Seconds between the end of a sweep and the next."""


async def sweep_for_ever(mailroom: Mailroom) -> None:
    """Sweeps until it is cancelled; a database that is away is waited for."""
    failing = False
    while True:
        try:
            await mailroom.sweep()
        except Exception:  # the net must not tear, whatever falls into it
            if not failing:
                log.exception("sweep_failed")
            failing = True
        else:
            if failing:
                log.info("sweep_recovered")
            failing = False
        await asyncio.sleep(INTERVAL)
