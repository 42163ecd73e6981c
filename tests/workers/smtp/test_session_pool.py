"""While the mail server is away or refuses the login, the sender pauses and no mail loses an attempt."""

import asyncio

import pytest

from domain.models import Delivery, DeliveryStatus
from settings import settings
from tests.conftest import Environment
from tests.workers.events import a_notification_to, eventually, only_delivery
from tests.workers.scripted_smtp_server import (
    AUTH,
    CLOSE,
    EHLO,
    GREETING,
    MAIL,
    NOOP,
    RCPT,
    STARTTLS,
    ScriptedSmtpServer,
)
from workers.dispatcher import Dispatcher
from workers.smtp import sockets
from workers.sweep import sweep_forever


async def all_sent() -> bool:
    return not await Delivery.exclude(status=DeliveryStatus.SENT).exists()


async def test_mails_lose_no_attempt_while_the_server_is_away_and_are_sent_when_it_is_back(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    await smtp_server.stop()
    for _ in range(3):
        await dispatcher.handle([(await a_notification_to()).id])
    assert await Delivery.filter(status=DeliveryStatus.PENDING, attempts=0).count() == 3
    sweeping = asyncio.create_task(sweep_forever(dispatcher))
    await smtp_server.start()
    await eventually(all_sent)
    sweeping.cancel()
    assert await Delivery.filter(attempts=1, failures=0).count() == 3


async def test_a_server_that_goes_away_between_two_mails(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    resume = asyncio.Event()
    smtp_server.plan(MAIL, "250 ok", resume)
    notification = await a_notification_to("een@werken.example", "twee@werken.example", "drie@werken.example")
    sending = asyncio.create_task(dispatcher.handle([notification.id]))
    await smtp_server.reached.wait()
    await smtp_server.stop()
    resume.set()
    await sending
    first, *unsent = await Delivery.all().order_by("id")
    assert first.status == DeliveryStatus.SENT
    for delivery in unsent:
        assert (delivery.status, delivery.failures, delivery.leased_until) == (DeliveryStatus.PENDING, 0, None)
    sweeping = asyncio.create_task(sweep_forever(dispatcher))
    await smtp_server.start()
    await eventually(all_sent)
    sweeping.cancel()
    assert len(smtp_server.contents) == 3


@pytest.mark.parametrize(
    ("phase", "reply"),
    [(GREETING, CLOSE), (GREETING, "554 5.3.2 not here"), (EHLO, CLOSE), (EHLO, "421 4.3.2 busy")],
)
async def test_a_server_that_refuses_the_session(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, reply: str
) -> None:
    smtp_server.plan(phase, reply)
    await dispatcher.handle([(await a_notification_to()).id])
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 0)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("reply", ["535 5.7.8 wrong password", "454 4.7.0 not now"])
async def test_a_refused_login_pauses_the_sender_and_fails_no_mail(
    smtp_server: ScriptedSmtpServer, environment: Environment, reply: str
) -> None:
    environment.set(SMTP_USER="econtracting", SMTP_PASSWORD="verouderd")  # noqa: S106  # the server refuses any
    smtp_server.extensions = ("AUTH PLAIN",)
    smtp_server.plan(AUTH, reply)
    dispatcher = Dispatcher(settings())
    await dispatcher.handle([(await a_notification_to()).id])
    await dispatcher.sweep()
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 0)
    assert smtp_server.connections == 1
    assert len(smtp_server.contents) == 0
    await dispatcher.close()
    restarted = Dispatcher(settings())
    await restarted.sweep()
    assert (await only_delivery()).status == DeliveryStatus.SENT
    await restarted.close()


async def test_a_server_that_requires_a_login_for_the_mail_pauses_the_sender(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(MAIL, "530 5.7.0 authentication required")
    await dispatcher.handle([(await a_notification_to()).id])
    delivery = await only_delivery()
    assert (delivery.status, delivery.failures, delivery.leased_until) == (DeliveryStatus.PENDING, 1, None)
    await dispatcher.sweep()
    assert smtp_server.connections == 1


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("extensions", "reply"),
    [((), None), (("STARTTLS",), "454 4.7.0 no certificate"), (("STARTTLS",), CLOSE), (("STARTTLS",), "220 go ahead")],
    ids=["not offered", "refused", "hung up", "no TLS behind it"],
)
async def test_nothing_is_sent_in_the_clear_when_the_server_does_not_encrypt(
    smtp_server: ScriptedSmtpServer, environment: Environment, extensions: tuple[str, ...], reply: str | None
) -> None:
    environment.set(SMTP_TLS="starttls", SMTP_USER="econtracting", SMTP_PASSWORD="geheim")  # noqa: S106  # goes nowhere
    smtp_server.extensions = (*extensions, "AUTH PLAIN")
    smtp_server.plan(STARTTLS, *[reply] if reply else [])
    dispatcher = Dispatcher(settings())
    await dispatcher.handle([(await a_notification_to()).id])
    await dispatcher.close()
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 0)
    assert not any(command.startswith((AUTH, MAIL)) for command in smtp_server.commands)


async def test_a_server_that_is_slow_to_greet_does_not_count_as_away(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "CONNECT_TIMEOUT", 1.0)
    resume = asyncio.Event()
    smtp_server.plan(GREETING, resume)
    notification = await a_notification_to()
    sending = asyncio.create_task(dispatcher.handle([notification.id]))
    await smtp_server.reached.wait()
    asyncio.get_running_loop().call_later(sockets.CONNECT_TIMEOUT, resume.set)
    await sending
    assert (await only_delivery()).status == DeliveryStatus.SENT
    assert smtp_server.connections == 1


async def test_an_idle_session_that_the_server_closes_is_opened_again(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    await dispatcher.handle([(await a_notification_to()).id])
    smtp_server.plan(NOOP, "421 4.4.2 idle for too long")
    await dispatcher.handle([(await a_notification_to()).id])
    assert await Delivery.filter(status=DeliveryStatus.SENT, attempts=1, failures=0).count() == 2
    assert smtp_server.connections == 2


async def test_an_unsolicited_line_is_not_taken_for_a_reply(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    await dispatcher.handle([(await a_notification_to()).id])
    await smtp_server.send_unsolicited("421 4.4.2 idle for too long")
    await dispatcher.handle([(await a_notification_to()).id])
    assert await Delivery.filter(status=DeliveryStatus.SENT, attempts=1, failures=0).count() == 2
    assert len(smtp_server.contents) == smtp_server.connections == 2


async def test_a_superfluous_reply_is_not_taken_for_the_reply_to_the_next_command(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(RCPT, "250 ok\r\n354 go on\r\n250 taken")
    await dispatcher.handle([(await a_notification_to()).id])
    delivery = await only_delivery()
    assert (delivery.status, delivery.failures) == (DeliveryStatus.PENDING, 1)
    assert smtp_server.contents == []
