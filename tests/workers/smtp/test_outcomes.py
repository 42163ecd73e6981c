"""What becomes of a mail, by how far it had come when something went wrong (domain: the mail; design: mail)."""

from datetime import timedelta

import pytest

from domain.database.connection import database
from domain.models import Delivery, DeliveryStatus
from tests import rows
from tests.workers.events import an_event, make_due, the_delivery, waits
from tests.workers.hostile_smtp import CLOSE, CONTENT, DATA, MAIL, RCPT, HostileServer
from workers.dispatcher import Dispatcher
from workers.outbox.retry_schedule import MAX_RETRY_TIME, RETRY_DELAYS, retry_delay

MINUTE = timedelta(minutes=1)


async def deliver(dispatcher: Dispatcher, *addresses: str) -> Delivery:
    await dispatcher.handle([(await an_event(*addresses)).id])
    return await the_delivery()


def test_the_schedule() -> None:
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
    ("phase", "answer"),
    [
        (MAIL, "451 4.3.0 try later"),
        (RCPT, "450 4.2.1 mailbox busy"),
        (DATA, "451 4.3.0 try later"),
        (CONTENT, "452 4.3.1 no room"),
    ],
)
async def test_rejected_temporarily_is_tried_again_by_the_schedule(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, answer: str
) -> None:
    hostile.plan(phase, answer, answer)
    since = await rows.now()
    delivery = await deliver(dispatcher)
    assert (delivery.status, delivery.failures) == (DeliveryStatus.PENDING, 1)
    assert delivery.last_error == answer
    assert await waits(delivery, MINUTE, since)
    await dispatcher.sweep()
    assert (await the_delivery()).attempts == 1
    await make_due()
    since = await rows.now()
    await dispatcher.sweep()
    delivery = await the_delivery()
    assert delivery.failures == 2
    assert await waits(delivery, 5 * MINUTE, since)
    await make_due()
    await dispatcher.sweep()
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 3)
    assert not delivery.last_error


async def test_after_48_hours_it_has_failed(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    hostile.plan(RCPT, "450 4.2.1 not now", "450 4.2.1 not now")
    await deliver(dispatcher)
    await database().execute_query(
        f"update delivery set attempts = {len(RETRY_DELAYS)}, failures = {len(RETRY_DELAYS)}"
    )
    await make_due()
    await dispatcher.sweep()
    delivery = await the_delivery()
    assert (delivery.status, delivery.last_error) == (DeliveryStatus.FAILED, "450 4.2.1 not now")
    await make_due()
    assert await dispatcher.sweep() == 0


@pytest.mark.parametrize(
    ("phase", "answer"),
    [
        (MAIL, "550 5.7.1 not from you"),
        (RCPT, "550 5.1.1 no such person"),
        (RCPT, "552 5.2.2 mailbox full"),
        (DATA, "554 5.5.1 no valid recipients"),
        (CONTENT, "554 5.6.0 not such a mail"),
    ],
)
async def test_rejected_permanently_has_failed(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, answer: str
) -> None:
    hostile.plan(phase, answer)
    delivery = await deliver(dispatcher)
    assert (delivery.status, delivery.failures) == (DeliveryStatus.FAILED, 0)
    assert delivery.last_error == answer
    await make_due()
    assert await dispatcher.sweep() == 0


async def test_an_error_is_kept_without_the_address(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    hostile.plan(RCPT, "550 5.1.1 <weg@werken.example>: unknown")
    delivery = await deliver(dispatcher, "weg@werken.example")
    assert delivery.last_error == "550 5.1.1 <…>: unknown"


async def test_one_refused_address_does_not_stop_the_next(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    hostile.plan(RCPT, "550 5.1.1 unknown")
    await dispatcher.handle([(await an_event("een@werken.example", "twee@werken.example")).id])
    assert [mail["To"] for mail in hostile.mails] == ["twee@werken.example"]
    assert hostile.connections == 1


@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA])
@pytest.mark.parametrize("answer", [CLOSE, "421 4.3.2 shutting down"])
async def test_a_connection_lost_before_the_final_dot_is_tried_again_later(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, answer: str
) -> None:
    hostile.plan(phase, answer)
    since = await rows.now()
    await dispatcher.handle([(await an_event("een@werken.example", "twee@werken.example")).id])
    broken, next_one = await Delivery.all().order_by("id")
    assert (broken.status, broken.failures, broken.losses) == (DeliveryStatus.PENDING, 1, 0)
    assert await waits(broken, MINUTE, since)
    # The server is there and hung up on that mail only: the batch goes on, down a new connection.
    assert next_one.status == DeliveryStatus.SENT
    assert hostile.connections == 2


async def test_lost_after_the_final_dot_is_repeated_once_as_the_same_mail(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(CONTENT, CLOSE)
    since = await rows.now()
    delivery = await deliver(dispatcher)
    assert (delivery.status, delivery.losses, delivery.failures) == (DeliveryStatus.UNCERTAIN, 1, 0)
    assert delivery.last_error is not None
    assert await waits(delivery, timedelta(seconds=15), since)
    await make_due()
    await dispatcher.sweep()
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 2)
    first, second = hostile.mails
    assert first["Message-ID"] == second["Message-ID"] == delivery.message_id
    assert first["Date"] == second["Date"]


async def test_lost_twice_stays_uncertain(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    hostile.plan(CONTENT, CLOSE, CLOSE)
    await deliver(dispatcher)
    for _ in range(3):
        await make_due()
        await dispatcher.sweep()
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.UNCERTAIN, 2)
    assert len(hostile.contents) == 2


async def test_a_repetition_that_is_rejected_temporarily_is_still_owed(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(CONTENT, CLOSE, "450 4.3.0 later")
    await deliver(dispatcher)
    await make_due()
    await dispatcher.sweep()
    delivery = await the_delivery()
    assert (delivery.status, delivery.losses, delivery.failures) == (DeliveryStatus.UNCERTAIN, 1, 1)
    await make_due()
    await dispatcher.sweep()
    assert (await the_delivery()).status == DeliveryStatus.SENT


async def test_an_answer_that_is_none_leaves_it_uncertain(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    hostile.plan(CONTENT, "what was that")
    assert (await deliver(dispatcher)).status == DeliveryStatus.UNCERTAIN


async def test_an_address_with_letters_of_its_own_needs_a_server_that_knows_them(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    delivery = await deliver(dispatcher, "zoë@werken.example")
    assert delivery.status == DeliveryStatus.FAILED
    assert delivery.last_error == "The mail server takes no address like this (SMTPUTF8)."
    hostile.extensions = ("SMTPUTF8", "8BITMIME")
    await hostile.stop()
    await hostile.start()
    await dispatcher.handle([(await an_event("zoë@bücher.example")).id])
    assert "RCPT TO:<zoë@xn--bcher-kva.example>" in hostile.commands
    assert [mail["To"] for mail in hostile.mails] == ["zoë@xn--bcher-kva.example"]


@pytest.mark.parametrize("address", ["geen adres", "x@", "a@b.example> SIZE=1", "a@b.example\r\nX: y"])
async def test_what_is_no_address_has_failed(hostile: HostileServer, dispatcher: Dispatcher, address: str) -> None:
    delivery = await deliver(dispatcher, address)
    assert delivery.status == DeliveryStatus.FAILED
    assert hostile.contents == []
