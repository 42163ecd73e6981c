"""A mail that the server is slow to accept keeps its session, and no other mail; the rest goes over another one."""

import asyncio

import pytest

from domain.models import Delivery, DeliveryStatus
from settings import settings
from tests.conftest import Environment
from tests.workers.conftest import LONG_LEASE
from tests.workers.events import an_event, eventually
from tests.workers.hostile_smtp import CONTENT, DATA, MAIL, RCPT, HostileServer
from workers.dispatcher import Dispatcher
from workers.outbox import leases

PENDING, SENDING, SENT = DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.SENT
ADDRESSES = [f"{name}@werken.example" for name in ("een", "twee", "drie", "vier")]


@pytest.fixture(autouse=True)
def _hurried(hostile: HostileServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting mail is held for longer than a second, after which its lease is renewed; none ever runs out."""
    assert hostile.port
    assert dispatcher
    monkeypatch.setattr(leases, "RENEWALS", LONG_LEASE)


async def statuses() -> list[DeliveryStatus]:
    return [delivery.status for delivery in await Delivery.all().order_by("id")]


async def becomes(*expected: DeliveryStatus) -> None:
    async def are() -> bool:
        return await statuses() == [*expected]

    await eventually(are)


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA, CONTENT])
async def test_the_others_of_its_batch_leave_while_it_hangs(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, extensions: tuple[str, ...]
) -> None:
    held = asyncio.Event()
    hostile.extensions = extensions
    # What is planned for DATA takes the place of going on with it: there, the first mail is the slow one.
    slow = 0 if phase == DATA else 1
    hostile.plan(phase, *["250 ok"] * slow, held)
    notification = await an_event(*ADDRESSES)
    handling = asyncio.create_task(dispatcher.handle([notification.id]))
    await becomes(*(SENDING if number == slow else SENT for number in range(4)))
    held.set()
    await handling
    assert await statuses() == [SENT] * 4
    assert sorted(mail["To"] for mail in hostile.mails) == sorted(ADDRESSES)
    assert [each.failures + each.losses for each in await Delivery.all()] == [0] * 4


async def test_only_its_own_domain_is_held_up_and_goes_on_afterwards(
    hostile: HostileServer, environment: Environment
) -> None:
    environment.set(MAIL_DOMAIN_LINES=1)
    dispatcher = Dispatcher(settings())
    held = asyncio.Event()
    hostile.extensions = ("PIPELINING",)
    hostile.plan(CONTENT, held)
    notification = await an_event("een@traag.example", "twee@werken.example", "drie@traag.example")
    handling = asyncio.create_task(dispatcher.handle([notification.id]))
    await becomes(SENDING, SENT, PENDING)
    held.set()
    await handling
    await dispatcher.close()
    assert await statuses() == [SENT] * 3
    assert len(hostile.contents) == 3
