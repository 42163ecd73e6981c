"""A mail that the server is slow to accept occupies its session only; the other mails are sent over another one."""

import asyncio

import pytest

from domain.models import Delivery, DeliveryStatus
from settings import settings
from tests.conftest import Environment
from tests.workers.conftest import LONG_LEASE
from tests.workers.events import a_notification_to, eventually
from tests.workers.scripted_smtp_server import CONTENT, DATA, MAIL, RCPT, ScriptedSmtpServer
from workers.dispatcher import Dispatcher
from workers.outbox import leases

PENDING, SENDING, SENT = DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.SENT
ADDRESSES = [f"{name}@werken.example" for name in ("een", "twee", "drie", "vier")]


@pytest.fixture(autouse=True)
def _frequent_renewals(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases are renewed every second, when waiting mails move to another session; none expires."""
    assert smtp_server.port
    assert dispatcher
    monkeypatch.setattr(leases, "RENEWALS", LONG_LEASE)


async def statuses() -> list[DeliveryStatus]:
    return [delivery.status for delivery in await Delivery.all().order_by("id")]


async def wait_for_statuses(*expected: DeliveryStatus) -> None:
    async def has_expected_statuses() -> bool:
        return await statuses() == [*expected]

    await eventually(has_expected_statuses)


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA, CONTENT])
async def test_the_other_mails_of_a_batch_are_sent_while_one_hangs(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, extensions: tuple[str, ...]
) -> None:
    resume = asyncio.Event()
    smtp_server.extensions = extensions
    # The server skips the content of a mail with a planned reply to DATA: there, the first mail is the slow one.
    slow = 0 if phase == DATA else 1
    smtp_server.plan(phase, *["250 ok"] * slow, resume)
    notification = await a_notification_to(*ADDRESSES)
    handling = asyncio.create_task(dispatcher.handle([notification.id]))
    await wait_for_statuses(*(SENDING if number == slow else SENT for number in range(4)))
    resume.set()
    await handling
    assert await statuses() == [SENT] * 4
    assert sorted(mail["To"] for mail in smtp_server.mails) == sorted(ADDRESSES)
    assert [delivery.failures + delivery.losses for delivery in await Delivery.all()] == [0] * 4


async def test_only_other_mails_to_its_domain_wait_for_a_mail_that_hangs(
    smtp_server: ScriptedSmtpServer, environment: Environment
) -> None:
    environment.set(MAIL_DOMAIN_LINES=1)
    dispatcher = Dispatcher(settings())
    resume = asyncio.Event()
    smtp_server.extensions = ("PIPELINING",)
    smtp_server.plan(CONTENT, resume)
    notification = await a_notification_to("een@traag.example", "twee@werken.example", "drie@traag.example")
    handling = asyncio.create_task(dispatcher.handle([notification.id]))
    await wait_for_statuses(SENDING, SENT, PENDING)
    resume.set()
    await handling
    await dispatcher.close()
    assert await statuses() == [SENT] * 3
    assert len(smtp_server.contents) == 3
