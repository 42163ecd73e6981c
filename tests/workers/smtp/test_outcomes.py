"""The outcome of a mail, by the phase of the SMTP transaction in which an error occurred."""

from datetime import timedelta

import pytest

from domain.database.connection import database
from domain.models import Delivery, DeliveryStatus
from tests import rows
from tests.workers.events import a_notification_to, is_put_off, make_due, only_delivery
from tests.workers.scripted_smtp_server import CLOSE, CONTENT, DATA, MAIL, RCPT, ScriptedSmtpServer
from workers.dispatcher import Dispatcher
from workers.outbox.retry_schedule import MAX_RETRY_TIME, RETRY_DELAYS, retry_delay

MINUTE = timedelta(minutes=1)


async def deliver(dispatcher: Dispatcher, *addresses: str) -> Delivery:
    await dispatcher.handle([(await a_notification_to(*addresses)).id])
    return await only_delivery()


def test_the_retry_schedule() -> None:
    assert [retry_delay(number) for number in range(1, 6)] == [
        MINUTE,
        5 * MINUTE,
        15 * MINUTE,
        60 * MINUTE,
        60 * MINUTE,
    ]
    assert set(RETRY_DELAYS[4:]) == {60 * MINUTE}
    assert MAX_RETRY_TIME - 60 * MINUTE < sum(RETRY_DELAYS, timedelta()) <= MAX_RETRY_TIME
    assert retry_delay(len(RETRY_DELAYS) + 1) is None


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        (MAIL, "451 4.3.0 try later"),
        (RCPT, "450 4.2.1 mailbox busy"),
        (DATA, "451 4.3.0 try later"),
        (CONTENT, "452 4.3.1 no room"),
    ],
)
async def test_a_mail_rejected_temporarily_is_retried_by_the_schedule(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, reply: str
) -> None:
    smtp_server.plan(phase, reply, reply)
    since = await rows.now()
    delivery = await deliver(dispatcher)
    assert (delivery.status, delivery.failures) == (DeliveryStatus.PENDING, 1)
    assert delivery.last_error == reply
    assert await is_put_off(delivery, MINUTE, since)
    await dispatcher.sweep()
    assert (await only_delivery()).attempts == 1
    await make_due()
    since = await rows.now()
    await dispatcher.sweep()
    delivery = await only_delivery()
    assert delivery.failures == 2
    assert await is_put_off(delivery, 5 * MINUTE, since)
    await make_due()
    await dispatcher.sweep()
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 3)
    assert not delivery.last_error


async def test_a_mail_rejected_temporarily_for_48_hours_fails(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(RCPT, "450 4.2.1 not now", "450 4.2.1 not now")
    await deliver(dispatcher)
    await database().execute_query(
        f"update delivery set attempts = {len(RETRY_DELAYS)}, failures = {len(RETRY_DELAYS)}"
    )
    await make_due()
    await dispatcher.sweep()
    delivery = await only_delivery()
    assert (delivery.status, delivery.last_error) == (DeliveryStatus.FAILED, "450 4.2.1 not now")
    await make_due()
    assert await dispatcher.sweep() == 0


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        (MAIL, "550 5.7.1 not from you"),
        (RCPT, "550 5.1.1 no such person"),
        (RCPT, "552 5.2.2 mailbox full"),
        (DATA, "554 5.5.1 no valid recipients"),
        (CONTENT, "554 5.6.0 not such a mail"),
    ],
)
async def test_a_mail_rejected_permanently_fails_at_once(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, reply: str
) -> None:
    smtp_server.plan(phase, reply)
    delivery = await deliver(dispatcher)
    assert (delivery.status, delivery.failures) == (DeliveryStatus.FAILED, 0)
    assert delivery.last_error == reply
    await make_due()
    assert await dispatcher.sweep() == 0


async def test_an_error_is_stored_without_the_address(smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher) -> None:
    smtp_server.plan(RCPT, "550 5.1.1 <weg@werken.example>: unknown")
    delivery = await deliver(dispatcher, "weg@werken.example")
    assert delivery.last_error == "550 5.1.1 <…>: unknown"


async def test_a_refused_recipient_does_not_stop_the_next_mail(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(RCPT, "550 5.1.1 unknown")
    await dispatcher.handle([(await a_notification_to("een@werken.example", "twee@werken.example")).id])
    assert [mail["To"] for mail in smtp_server.mails] == ["twee@werken.example"]
    assert smtp_server.connections == 1


@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA])
@pytest.mark.parametrize("reply", [CLOSE, "421 4.3.2 shutting down"])
async def test_a_mail_whose_connection_is_lost_before_the_final_dot_is_retried_later(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, reply: str
) -> None:
    smtp_server.plan(phase, reply)
    since = await rows.now()
    await dispatcher.handle([(await a_notification_to("een@werken.example", "twee@werken.example")).id])
    first, second = await Delivery.all().order_by("id")
    assert (first.status, first.failures, first.losses) == (DeliveryStatus.PENDING, 1, 0)
    assert await is_put_off(first, MINUTE, since)
    # The server hung up on the first mail only: the batch continues over a new connection.
    assert second.status == DeliveryStatus.SENT
    assert smtp_server.connections == 2


async def test_a_mail_whose_connection_is_lost_after_the_final_dot_is_repeated_once_unchanged(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(CONTENT, CLOSE)
    since = await rows.now()
    delivery = await deliver(dispatcher)
    assert (delivery.status, delivery.losses, delivery.failures) == (DeliveryStatus.UNCERTAIN, 1, 0)
    assert delivery.last_error is not None
    assert await is_put_off(delivery, timedelta(seconds=15), since)
    await make_due()
    await dispatcher.sweep()
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 2)
    first, second = smtp_server.mails
    assert first["Message-ID"] == second["Message-ID"] == delivery.message_id
    assert first["Date"] == second["Date"]


async def test_a_mail_lost_twice_after_the_final_dot_stays_uncertain(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(CONTENT, CLOSE, CLOSE)
    await deliver(dispatcher)
    for _ in range(3):
        await make_due()
        await dispatcher.sweep()
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.UNCERTAIN, 2)
    assert len(smtp_server.contents) == 2


async def test_a_repetition_that_is_rejected_temporarily_is_retried(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(CONTENT, CLOSE, "450 4.3.0 later")
    await deliver(dispatcher)
    await make_due()
    await dispatcher.sweep()
    delivery = await only_delivery()
    assert (delivery.status, delivery.losses, delivery.failures) == (DeliveryStatus.UNCERTAIN, 1, 1)
    await make_due()
    await dispatcher.sweep()
    assert (await only_delivery()).status == DeliveryStatus.SENT


async def test_an_invalid_reply_to_the_content_leaves_the_mail_uncertain(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(CONTENT, "what was that")
    assert (await deliver(dispatcher)).status == DeliveryStatus.UNCERTAIN


async def test_a_non_ascii_address_needs_a_server_with_smtputf8(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    delivery = await deliver(dispatcher, "zoë@werken.example")
    assert delivery.status == DeliveryStatus.FAILED
    assert delivery.last_error == "The mail server doesn't support addresses like this (SMTPUTF8)."
    smtp_server.extensions = ("SMTPUTF8", "8BITMIME")
    await smtp_server.stop()
    await smtp_server.start()
    await dispatcher.handle([(await a_notification_to("zoë@bücher.example")).id])
    assert "RCPT TO:<zoë@xn--bcher-kva.example>" in smtp_server.commands
    assert [mail["To"] for mail in smtp_server.mails] == ["zoë@xn--bcher-kva.example"]


@pytest.mark.parametrize("address", ["geen adres", "x@", "a@b.example> SIZE=1", "a@b.example\r\nX: y"])
async def test_a_mail_to_an_invalid_address_fails(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, address: str
) -> None:
    delivery = await deliver(dispatcher, address)
    assert delivery.status == DeliveryStatus.FAILED
    assert smtp_server.contents == []
