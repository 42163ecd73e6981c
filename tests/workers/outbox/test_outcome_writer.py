"""Outcomes of mails are written in batches while other mails are sent."""

import asyncio

import pytest
from structlog.testing import capture_logs

from domain.database.connection import database
from domain.models import DeliveryStatus
from tests.database_roles import execute_as_owner
from tests.workers.events import a_notification_to, eventually, only_delivery
from tests.workers.scripted_smtp_server import CONTENT, ScriptedSmtpServer
from workers.dispatcher import Dispatcher

ADDRESSES = [f"post-{number}@werken.example" for number in range(60)]


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
async def test_every_outcome_is_written_once(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, extensions: tuple[str, ...]
) -> None:
    smtp_server.extensions = extensions
    notification = await a_notification_to(*ADDRESSES)
    with capture_logs() as logs:
        await dispatcher.handle([notification.id])
    written = [key for line in logs if line["event"] == "deliveries_sent" for key in line["delivery_ids"]]
    sent_rows = await database().execute_query_dict("select id from delivery where status = 'SENT' order by id")
    assert sorted(written) == [row["id"] for row in sent_rows]
    assert len(sent_rows) == len(ADDRESSES) == len(smtp_server.contents)


async def test_an_outcome_is_written_when_the_database_is_back(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    resume = asyncio.Event()
    smtp_server.plan(CONTENT, resume)
    handling = asyncio.create_task(dispatcher.handle([(await a_notification_to()).id]))
    await smtp_server.reached.wait()
    await execute_as_owner("alter table delivery rename to away")
    with capture_logs() as logs:
        resume.set()
        await eventually(lambda: any(line["event"] == "settling_failed" for line in logs))
    await execute_as_owner("alter table away rename to delivery")
    await handling
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts, len(smtp_server.contents)) == (DeliveryStatus.SENT, 1, 1)
