"""A mail server that is away, or lets nobody in: the sender pauses, and no mail pays for it."""

import asyncio

import pytest

from domain.models import Delivery, DeliveryStatus
from settings import settings
from tests.conftest import Environment
from tests.workers.events import an_event, eventually, the_delivery
from tests.workers.hostile_smtp import (
    AUTH,
    CLOSE,
    EHLO,
    GREETING,
    MAIL,
    NOOP,
    RCPT,
    STARTTLS,
    HostileServer,
)
from workers.dispatcher import Dispatcher
from workers.smtp import sockets
from workers.sweep import sweep_forever


async def all_sent() -> bool:
    return not await Delivery.exclude(status=DeliveryStatus.SENT).exists()


async def test_no_try_is_spent_while_the_server_is_away_and_mails_leave_when_it_is_back(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    await hostile.stop()
    for _ in range(3):
        await dispatcher.handle([(await an_event()).id])
    assert await Delivery.filter(status=DeliveryStatus.PENDING, attempts=0).count() == 3
    sweeping = asyncio.create_task(sweep_forever(dispatcher))
    await hostile.start()
    await eventually(all_sent)
    sweeping.cancel()
    assert await Delivery.filter(attempts=1, failures=0).count() == 3


async def test_a_server_that_goes_away_between_two_mails(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    held = asyncio.Event()
    hostile.plan(MAIL, "250 ok", held)
    notification = await an_event("een@werken.example", "twee@werken.example", "drie@werken.example")
    sending = asyncio.create_task(dispatcher.handle([notification.id]))
    await hostile.reached.wait()
    await hostile.stop()
    held.set()
    await sending
    first, *others = await Delivery.all().order_by("id")
    assert first.status == DeliveryStatus.SENT
    for each in others:
        assert (each.status, each.failures, each.leased_until) == (DeliveryStatus.PENDING, 0, None)
    sweeping = asyncio.create_task(sweep_forever(dispatcher))
    await hostile.start()
    await eventually(all_sent)
    sweeping.cancel()
    assert len(hostile.contents) == 3


@pytest.mark.parametrize(
    ("phase", "answers"),
    [
        (GREETING, [CLOSE]),
        (GREETING, ["554 5.3.2 not here"]),
        (EHLO, [CLOSE]),
        # EHLO and then HELO.
        (EHLO, ["421 4.3.2 busy"]),
    ],
)
async def test_a_server_that_does_not_want_to_talk(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, answers: list[str]
) -> None:
    hostile.plan(phase, *answers)
    await dispatcher.handle([(await an_event()).id])
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 0)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("answer", ["535 5.7.8 wrong password", "454 4.7.0 not now"])
async def test_a_refused_login_pauses_the_sender_and_fails_no_mail(
    hostile: HostileServer, environment: Environment, answer: str
) -> None:
    environment.set(SMTP_USER="econtracting", SMTP_PASSWORD="verouderd")  # noqa: S106  # the hostile server refuses any
    hostile.extensions = ("AUTH PLAIN",)
    hostile.plan(AUTH, answer)
    dispatcher = Dispatcher(settings())
    await dispatcher.handle([(await an_event()).id])
    await dispatcher.sweep()
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 0)
    assert hostile.connections == 1
    assert len(hostile.contents) == 0
    await dispatcher.close()
    again = Dispatcher(settings())
    await again.sweep()
    assert (await the_delivery()).status == DeliveryStatus.SENT
    await again.close()


async def test_a_server_that_wants_a_login_for_the_mail_pauses_the_sender(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(MAIL, "530 5.7.0 authentication required")
    await dispatcher.handle([(await an_event()).id])
    delivery = await the_delivery()
    assert (delivery.status, delivery.failures, delivery.leased_until) == (DeliveryStatus.PENDING, 1, None)
    await dispatcher.sweep()
    assert hostile.connections == 1


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("extensions", "answer"),
    [((), None), (("STARTTLS",), "454 4.7.0 no certificate"), (("STARTTLS",), CLOSE), (("STARTTLS",), "220 go ahead")],
    ids=["not offered", "refused", "hung up", "no TLS behind it"],
)
async def test_nothing_crosses_in_the_clear_where_the_server_does_not_encrypt(
    hostile: HostileServer, environment: Environment, extensions: tuple[str, ...], answer: str | None
) -> None:
    environment.set(SMTP_TLS="starttls", SMTP_USER="econtracting", SMTP_PASSWORD="geheim")  # noqa: S106  # goes nowhere
    hostile.extensions = (*extensions, "AUTH PLAIN")
    hostile.plan(STARTTLS, *[answer] if answer else [])
    dispatcher = Dispatcher(settings())
    await dispatcher.handle([(await an_event()).id])
    await dispatcher.close()
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 0)
    assert not any(command.startswith((AUTH, MAIL)) for command in hostile.commands)


async def test_a_server_that_is_slow_to_greet_is_no_server_that_is_away(
    hostile: HostileServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "CONNECT_TIMEOUT", 1.0)
    held = asyncio.Event()
    hostile.plan(GREETING, held)
    notification = await an_event()
    sending = asyncio.create_task(dispatcher.handle([notification.id]))
    await hostile.reached.wait()
    asyncio.get_running_loop().call_later(sockets.CONNECT_TIMEOUT, held.set)
    await sending
    assert (await the_delivery()).status == DeliveryStatus.SENT
    assert hostile.connections == 1


async def test_an_idle_session_that_the_server_closes_is_opened_again(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    await dispatcher.handle([(await an_event()).id])
    hostile.plan(NOOP, "421 4.4.2 idle for too long")
    await dispatcher.handle([(await an_event()).id])
    assert await Delivery.filter(status=DeliveryStatus.SENT, attempts=1, failures=0).count() == 2
    assert hostile.connections == 2


async def test_what_a_server_says_unasked_is_no_answer_to_a_mail(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    await dispatcher.handle([(await an_event()).id])
    await hostile.say("421 4.4.2 idle for too long")
    await dispatcher.handle([(await an_event()).id])
    assert await Delivery.filter(status=DeliveryStatus.SENT, attempts=1, failures=0).count() == 2
    assert len(hostile.contents) == hostile.connections == 2


async def test_one_answer_too_many_does_not_pass_for_the_mails(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    hostile.plan(RCPT, "250 ok\r\n354 go on\r\n250 taken")
    await dispatcher.handle([(await an_event()).id])
    delivery = await the_delivery()
    assert (delivery.status, delivery.failures) == (DeliveryStatus.PENDING, 1)
    assert hostile.contents == []
