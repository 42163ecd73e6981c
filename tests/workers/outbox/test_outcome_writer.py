"""What came of mails, written together while others are sent."""

import asyncio

import pytest
from structlog.testing import capture_logs

from domain.database.connection import database
from domain.models import DeliveryStatus
from tests.owner import as_owner
from tests.workers.events import an_event, eventually, the_delivery
from tests.workers.hostile_smtp import CONTENT, HostileServer
from workers.dispatcher import Dispatcher

ADDRESSES = [f"post-{number}@werken.example" for number in range(60)]


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
async def test_every_mail_is_written_once_whether_alone_or_with_others(
    hostile: HostileServer, dispatcher: Dispatcher, extensions: tuple[str, ...]
) -> None:
    hostile.extensions = extensions
    notification = await an_event(*ADDRESSES)
    with capture_logs() as logs:
        await dispatcher.handle([notification.id])
    written = [key for line in logs if line["event"] == "deliveries_sent" for key in line["delivery_ids"]]
    rows = await database().execute_query_dict("select id from delivery where status = 'SENT' order by id")
    assert sorted(written) == [row["id"] for row in rows]
    assert len(rows) == len(ADDRESSES) == len(hostile.contents)


async def test_what_was_sent_is_written_when_the_database_is_back(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    held = asyncio.Event()
    hostile.plan(CONTENT, held)
    handling = asyncio.create_task(dispatcher.handle([(await an_event()).id]))
    await hostile.reached.wait()
    await as_owner("alter table delivery rename to away")
    with capture_logs() as logs:
        held.set()
        await eventually(lambda: any(line["event"] == "settling_failed" for line in logs))
    await as_owner("alter table away rename to delivery")
    await handling
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts, len(hostile.contents)) == (DeliveryStatus.SENT, 1, 1)
