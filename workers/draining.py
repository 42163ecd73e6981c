"""Delivering everything that is due, until nothing is left: what a worker does, without waiting for the next event."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from domain.database.connection import database
from domain.mail_domain import message_domain
from domain.rules.second_routing import route_undelivered
from settings import Settings
from workers.mailroom import Mailroom
from workers.outbox.claims import WAITS as DELIVERY_WAITS
from workers.outbox.routing import WAITS as NOTIFICATION_WAITS

GLANCE: Final = 0.5
"""Seconds between two looks at what is left."""

# What another worker holds is in good hands, unless its lease ran out.
_LEFT: Final = f"""
select
  (select count(*) from notification where ({NOTIFICATION_WAITS}) and claimable_at <= now()) as notifications,
  (select count(*) from delivery where ({DELIVERY_WAITS}) and claimable_at <= now()) as mails"""


@dataclass(frozen=True, slots=True)
class Drained:
    """What a draining came to.

    Attributes:
        handled: How many notifications were routed and mails sent or turned down.
        left: How many are due and could not be handled, because the mail server is away.
    """

    handled: int
    left: int


async def drain(settings: Settings, progress: Callable[[int, int], None]) -> Drained:
    """Routes and sends all that is due now; returns when nothing is left, or when the mail server takes nothing.

    Args:
        settings: As a worker's.
        progress: Told now and then how many were due in the beginning or since, and how many of them are left.
    """
    mailroom = Mailroom(settings)
    watching = asyncio.create_task(_watch(progress))
    handled = 0
    try:
        while done := await mailroom.sweep() + await route_undelivered(message_domain(settings)):
            handled += done
    finally:
        watching.cancel()
        await mailroom.close()
    left = await due_now()
    progress(handled + left, left)
    return Drained(handled, left)


async def due_now() -> int:
    """How many notifications and mails are due at this moment, and in nobody's hands."""
    [row] = await database().execute_query_dict(_LEFT)
    return int(row["notifications"] + row["mails"])


async def _watch(progress: Callable[[int, int], None]) -> None:
    most = 0
    while True:
        left = await due_now()
        most = max(most, left)
        progress(most, left)
        await asyncio.sleep(GLANCE)
