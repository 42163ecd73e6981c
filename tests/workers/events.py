"""Events for the worker to mail, and the deliveries that come of them."""

import asyncio
import inspect
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.database.connection import database
from domain.models import Delivery, DocumentLevel, Notification
from tests import rows


async def an_event(*addresses: str) -> Notification:
    """A received document whose mail goes to these addresses, each of a linked group."""
    contract = await rows.a_contract()
    organisation = await contract.organisation
    for address in addresses or ("werf@werken.example",):
        group = await rows.a_group(organisation, email=address, levels={"INVOICING": DocumentLevel.READ})
        await rows.a_link(contract, group)
    return await rows.a_notification(contract, await rows.a_document(contract))


async def the_delivery() -> Delivery:
    """The only one, as it stands now."""
    return await Delivery.get()


async def waits(delivery: Delivery, delay: timedelta, since: datetime) -> bool:
    """Was it put off for so long at some moment since then? However long ago that is by now."""
    return since + delay <= delivery.due_at <= await rows.now() + delay


async def make_due() -> None:
    """Lets the time pass until every delivery is due and every lease has run out."""
    await database().execute_query("update delivery set due_at = now(), leased_until = now()")
    await database().execute_query("update notification set due_at = now(), leased_until = now()")


async def eventually(condition: Callable[[], object], within: float = 60) -> None:
    """Waits until the condition, a function or a coroutine function, holds; fails after so many seconds."""
    deadline = time.monotonic() + within
    while True:
        holds = condition()
        if await holds if inspect.isawaitable(holds) else holds:
            return
        assert time.monotonic() < deadline, "It never came to be."
        await asyncio.sleep(0.02)
