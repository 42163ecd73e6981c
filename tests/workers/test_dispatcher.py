"""From a row in the outbox to a mail in the Maildir."""

import asyncio
from datetime import timedelta

import pytest

from domain.models import Contract, Delivery, DeliveryStatus, NotificationStatus, Routing
from settings import settings
from tests import rows
from tests.conftest import SmtpSink
from tests.table_contents import read_tables
from tests.workers.events import a_notification_to, make_due, only_delivery
from tests.workers.scripted_smtp_server import ScriptedSmtpServer
from workers.dispatcher import Dispatcher

MINUTE = timedelta(minutes=1)


async def test_a_notification_is_sent_as_a_mail(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    notification = await a_notification_to("werf@werken.example")
    await dispatcher.handle([notification.id])
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 1)
    assert not delivery.last_error
    assert delivery.sent_at
    assert not delivery.leased_until
    [mail] = smtp_sink.mails()
    assert mail["Delivered-To"] == "werf@werken.example"
    assert mail["Message-ID"] == delivery.message_id
    assert mail["Date"].datetime == delivery.dated_at.replace(microsecond=0)
    contract = await Contract.get(id=notification.contract_id)
    assert mail["Subject"] == f"Nieuw dossierstuk ontvangen voor opdracht {contract.number}"


async def test_the_sweep_sends_without_the_doorbell(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    await a_notification_to()
    assert await dispatcher.sweep() == 2
    assert len(smtp_sink.mails()) == 1
    assert await dispatcher.sweep() == 0


async def test_each_address_gets_a_mail_of_its_own(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    notification = await a_notification_to("een@werken.example", "twee@werken.example")
    await dispatcher.handle([notification.id])
    mails = smtp_sink.mails()
    assert sorted(mail["To"] for mail in mails) == ["een@werken.example", "twee@werken.example"]
    assert len({mail["Message-ID"] for mail in mails}) == 2
    for mail in mails:
        other_addresses = {"een@werken.example", "twee@werken.example"} - {mail["To"]}
        assert not any(address in mail.as_string() for address in other_addresses)


async def test_a_notification_without_recipients_is_suppressed(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    notification = await rows.a_notification()
    await dispatcher.handle([notification.id])
    await notification.refresh_from_db()
    assert notification.status == NotificationStatus.SUPPRESSED
    assert (await Routing.get(notification=notification)).level is None
    assert smtp_sink.mails() == []


@pytest.mark.usefixtures("smtp_sink")
async def test_unknown_ids_are_ignored(dispatcher: Dispatcher) -> None:
    await dispatcher.handle([-1, 10**15])
    assert await Delivery.all().count() == 0


async def test_a_batch_goes_over_one_connection(smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher) -> None:
    notifications = [await a_notification_to(), await a_notification_to("een@werken.example", "twee@werken.example")]
    await dispatcher.handle([notification.id for notification in notifications])
    await dispatcher.handle([(await a_notification_to()).id])
    assert len(smtp_server.mails) == 4
    assert smtp_server.connections == 1


async def test_a_mail_is_sent_over_a_new_connection_when_the_server_closed_the_old_one(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    await dispatcher.handle([(await a_notification_to()).id])
    await smtp_server.stop()
    await smtp_server.start()
    await dispatcher.handle([(await a_notification_to()).id])
    assert await Delivery.filter(status=DeliveryStatus.SENT, failures=0).count() == 2
    assert smtp_server.connections == 2


async def test_two_workers_at_once_send_one_mail(smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher) -> None:
    notifications = [await a_notification_to("een@werken.example", "twee@werken.example") for _ in range(10)]
    ids = [notification.id for notification in notifications]
    second = Dispatcher(settings())
    await asyncio.gather(dispatcher.handle(ids), second.handle(ids), dispatcher.handle(ids), second.sweep())
    await dispatcher.sweep()
    await second.close()
    assert len(smtp_server.contents) == 20
    assert await Delivery.filter(status=DeliveryStatus.SENT, attempts=1).count() == 20


async def test_a_routed_notification_ignores_later_changes_of_addresses(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan("RCPT", "450 4.2.1 later")
    notification = await a_notification_to("oud@werken.example")
    await dispatcher.handle([notification.id])
    await Contract.filter(id=notification.contract_id).update(email="nieuw@werken.example")
    await make_due()
    await dispatcher.sweep()
    assert [mail["To"] for mail in smtp_server.mails] == ["oud@werken.example"]


async def test_a_routed_notification_is_sent_although_its_contract_has_ended_since(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan("RCPT", "450 4.2.1 later")
    notification = await a_notification_to("werf@werken.example")
    await dispatcher.handle([notification.id])
    contract = Contract.filter(id=notification.contract_id)
    await contract.update(ended_at=await rows.now(), end_reason="Opgeleverd")
    await make_due()
    await dispatcher.sweep()
    assert [mail["To"] for mail in smtp_server.mails] == ["werf@werken.example"]


async def test_a_large_sender_does_not_hold_up_a_small_one(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    large = await rows.an_organisation(email="groot@werken.example")
    small = await rows.an_organisation(email="klein@werken.example")
    for organisation, count in ((large, 60), (small, 1)):
        contract = await rows.a_contract(organisation)
        for _ in range(count):
            await rows.a_notification(contract, await rows.a_document(contract))
    await dispatcher.sweep()
    recipients = [mail["To"] for mail in smtp_server.mails]
    assert len(recipients) == 61
    # The small sender's mail is in the first claim, of fifty mails.
    assert "klein@werken.example" in recipients[:50]


async def test_a_notification_that_cannot_be_routed_is_retried_later_and_holds_up_no_other(
    smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    unroutable, other = await a_notification_to(), await a_notification_to()
    since = await rows.now()
    await rows.a_routing(unroutable)  # a second first routing violates a constraint
    await dispatcher.handle([unroutable.id, other.id])
    await unroutable.refresh_from_db()
    assert (unroutable.status, unroutable.attempt, unroutable.leased_until) == (NotificationStatus.PENDING, 1, None)
    assert since + MINUTE <= unroutable.due_at <= await rows.now() + MINUTE
    assert len(smtp_sink.mails()) == 1


async def test_the_text_of_a_mail_is_stored_nowhere(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    await dispatcher.handle([(await a_notification_to()).id])
    [mail] = smtp_sink.mails()
    body = mail.get_body(("plain",))
    assert body
    sentences = [line.strip() for line in body.get_content().splitlines() if len(line.split()) > 5]
    assert len(sentences) > 3
    stored = "\n".join(line for lines in (await read_tables()).values() for line in lines)
    assert [sentence for sentence in sentences if sentence in stored] == []
