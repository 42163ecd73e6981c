"""Notifications that a worker delivers, their deliveries, and waiting for a condition."""

import asyncio
import inspect
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.database.connection import database
from domain.models import Delivery, DocumentLevel, Notification
from tests import rows


async def a_notification_to(*addresses: str) -> Notification:
    """The notification of a received document that is routed to these addresses, each of a linked group."""
    contract = await rows.a_contract()
    organisation = await contract.organisation
    for address in addresses or ("werf@werken.example",):
        group = await rows.a_group(organisation, email=address, levels={"INVOICING": DocumentLevel.READ})
        await rows.a_link(contract, group)
    return await rows.a_notification(contract, await rows.a_document(contract))


async def only_delivery() -> Delivery:
    """The only delivery, read again from the database."""
    return await Delivery.get()


async def is_put_off(delivery: Delivery, delay: timedelta, since: datetime) -> bool:
    """Whether the delivery was put off by this delay at some moment between `since` and now."""
    return since + delay <= delivery.due_at <= await rows.now() + delay


async def make_due() -> None:
    """Makes every notification and delivery due, and lets every lease expire."""
    await database().execute_query("update delivery set due_at = now(), leased_until = now()")
    await database().execute_query("update notification set due_at = now(), leased_until = now()")


async def eventually(condition: Callable[[], object], within: float = 60) -> None:
    """Waits until the condition, a function or a coroutine function, holds; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        result = condition()
        if await result if inspect.isawaitable(result) else result:
            return
        assert time.monotonic() < deadline, f"The condition did not hold within {within} seconds."
        await asyncio.sleep(0.02)
