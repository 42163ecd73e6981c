"""From a row in the outbox to a mail in the Maildir."""

import asyncio
from datetime import timedelta

import pytest

from domain.models import Contract, Delivery, DeliveryStatus, NotificationStatus, Routing
from settings import settings
from tests import rows
from tests.conftest import SmtpSink
from tests.table_contents import read_tables
from tests.workers.events import an_event, make_due, the_delivery
from tests.workers.hostile_smtp import HostileServer
from workers.dispatcher import Dispatcher

MINUTE = timedelta(minutes=1)


async def test_a_notification_becomes_a_mail(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    notification = await an_event("werf@werken.example")
    await dispatcher.handle([notification.id])
    delivery = await the_delivery()
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


async def test_the_sweep_finds_what_nobody_rang_for(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    await an_event()
    assert await dispatcher.sweep() == 2
    assert len(smtp_sink.mails()) == 1
    assert await dispatcher.sweep() == 0


async def test_each_address_gets_a_mail_of_its_own(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    notification = await an_event("een@werken.example", "twee@werken.example")
    await dispatcher.handle([notification.id])
    mails = smtp_sink.mails()
    assert sorted(mail["To"] for mail in mails) == ["een@werken.example", "twee@werken.example"]
    assert len({mail["Message-ID"] for mail in mails}) == 2
    for mail in mails:
        other = {"een@werken.example", "twee@werken.example"} - {mail["To"]}
        assert not any(address in mail.as_string() for address in other)


async def test_nobody_to_mail_is_kept_as_suppressed(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    notification = await rows.a_notification()
    await dispatcher.handle([notification.id])
    await notification.refresh_from_db()
    assert notification.status == NotificationStatus.SUPPRESSED
    assert (await Routing.get(notification=notification)).level is None
    assert smtp_sink.mails() == []


@pytest.mark.usefixtures("smtp_sink")
async def test_ids_that_mean_nothing_are_ignored(dispatcher: Dispatcher) -> None:
    await dispatcher.handle([-1, 10**15])
    assert await Delivery.all().count() == 0


async def test_a_batch_goes_over_one_connection(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    notifications = [await an_event(), await an_event("een@werken.example", "twee@werken.example")]
    await dispatcher.handle([notification.id for notification in notifications])
    await dispatcher.handle([(await an_event()).id])
    assert len(hostile.mails) == 4
    assert hostile.connections == 1


async def test_a_connection_that_the_server_closed_meanwhile_costs_no_mail(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    await dispatcher.handle([(await an_event()).id])
    await hostile.stop()
    await hostile.start()
    await dispatcher.handle([(await an_event()).id])
    assert await Delivery.filter(status=DeliveryStatus.SENT, failures=0).count() == 2
    assert hostile.connections == 2


async def test_two_workers_at_once_send_one_mail(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    events = [await an_event("een@werken.example", "twee@werken.example") for _ in range(10)]
    ids = [event.id for event in events]
    second = Dispatcher(settings())
    await asyncio.gather(*(each.handle(ids) for each in (dispatcher, second, dispatcher)), second.sweep())
    await dispatcher.sweep()
    await second.close()
    assert len(hostile.contents) == 20
    assert await Delivery.filter(status=DeliveryStatus.SENT, attempts=1).count() == 20


async def test_later_changes_of_addresses_do_not_touch_what_was_routed(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan("RCPT", "450 4.2.1 later")
    notification = await an_event("oud@werken.example")
    await dispatcher.handle([notification.id])
    await Contract.filter(id=notification.contract_id).update(email="nieuw@werken.example")
    await make_due()
    await dispatcher.sweep()
    assert [mail["To"] for mail in hostile.mails] == ["oud@werken.example"]


async def test_what_was_routed_goes_out_though_its_contract_has_ended_since(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan("RCPT", "450 4.2.1 later")
    notification = await an_event("werf@werken.example")
    await dispatcher.handle([notification.id])
    contract = Contract.filter(id=notification.contract_id)
    await contract.update(ended_at=await rows.now(), end_reason="Opgeleverd")
    await make_due()
    await dispatcher.sweep()
    assert [mail["To"] for mail in hostile.mails] == ["werf@werken.example"]


async def test_a_large_sender_does_not_hold_up_a_small_one(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    large = await rows.an_organisation(email="groot@werken.example")
    small = await rows.an_organisation(email="klein@werken.example")
    for organisation, count in ((large, 60), (small, 1)):
        contract = await rows.a_contract(organisation)
        for _ in range(count):
            await rows.a_notification(contract, await rows.a_document(contract))
    await dispatcher.sweep()
    order = [mail["To"] for mail in hostile.mails]
    assert len(order) == 61
    # One claim takes fifty mails: the small one's is among the first.
    assert "klein@werken.example" in order[:50]


async def test_a_notification_that_cannot_be_routed_waits_and_holds_up_nobody(
    smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    broken, sound = await an_event(), await an_event()
    since = await rows.now()
    await rows.a_routing(broken)  # a first routing stands already, which can't be
    await dispatcher.handle([broken.id, sound.id])
    await broken.refresh_from_db()
    assert (broken.status, broken.attempt, broken.leased_until) == (NotificationStatus.PENDING, 1, None)
    assert since + MINUTE <= broken.due_at <= await rows.now() + MINUTE
    assert len(smtp_sink.mails()) == 1


async def test_what_a_mail_says_is_not_kept(smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    await dispatcher.handle([(await an_event()).id])
    [mail] = smtp_sink.mails()
    body = mail.get_body(("plain",))
    assert body
    said = [line.strip() for line in body.get_content().splitlines() if len(line.split()) > 5]
    assert len(said) > 3
    kept = "\n".join(line for lines in (await read_tables()).values() for line in lines)
    assert [line for line in said if line in kept] == []
