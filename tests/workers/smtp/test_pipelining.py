"""Pipelined mails (RFC 2920): everything holds that holds for one command at a time."""

from datetime import timedelta

import pytest

from domain.models import Contract, Delivery, DeliveryStatus
from tests import rows
from tests.workers.events import an_event, make_due, waits
from tests.workers.hostile_smtp import CLOSE, CONTENT, DATA, HALF, MAIL, RCPT, HostileServer
from workers.dispatcher import Dispatcher

MINUTE = timedelta(minutes=1)
PENDING, SENT, FAILED, UNCERTAIN = (
    DeliveryStatus.PENDING,
    DeliveryStatus.SENT,
    DeliveryStatus.FAILED,
    DeliveryStatus.UNCERTAIN,
)
ADDRESSES = [f"{name}@werken.example" for name in ("een", "twee", "drie", "vier")]


@pytest.fixture(autouse=True)
def _pipelining(hostile: HostileServer) -> None:
    hostile.extensions = ("PIPELINING", "8BITMIME")


async def deliver(dispatcher: Dispatcher) -> list[Delivery]:
    """Mails to four addresses; answers what became of them, in order."""
    await dispatcher.handle([(await an_event(*ADDRESSES)).id])
    return await Delivery.all().order_by("id")


def statuses(deliveries: list[Delivery]) -> list[DeliveryStatus]:
    return [delivery.status for delivery in deliveries]


def arrived(hostile: HostileServer) -> list[str]:
    return [mail["To"] for mail in hostile.mails]


async def test_all_arrive_over_one_connection(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT] * 4
    assert arrived(hostile) == ADDRESSES
    assert hostile.connections == 1
    assert "RSET" not in hostile.commands


async def test_replies_may_come_octet_by_octet(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    hostile.in_pieces = True
    hostile.plan(CONTENT, "250-taken\r\n250-and kept\r\n250 for good")
    assert statuses(await deliver(dispatcher)) == [SENT] * 4
    assert arrived(hostile) == ADDRESSES


@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA, CONTENT])
@pytest.mark.parametrize(("answer", "status"), [("451 4.3.0 later", PENDING), ("550 5.1.1 <{}> unknown", FAILED)])
async def test_one_that_is_rejected_stops_no_other(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, answer: str, status: DeliveryStatus
) -> None:
    # What is planned for DATA takes the place of going on with it: there, the first mail is the one.
    rejected = 0 if phase == DATA else 1
    hostile.plan(phase, *["250 ok"] * rejected, answer.format(ADDRESSES[rejected]))
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [status if number == rejected else SENT for number in range(4)]
    assert deliveries[rejected].last_error == answer.format("…")
    assert hostile.connections == 1
    expected = [address for number, address in enumerate(ADDRESSES) if number != rejected or phase == CONTENT]
    assert arrived(hostile) == expected


async def test_a_server_that_wants_the_content_of_a_refused_mail_gets_none(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.wants_refused = True
    hostile.plan(RCPT, "250 ok", "550 5.1.1 unknown")
    assert statuses(await deliver(dispatcher)) == [SENT, FAILED, SENT, SENT]
    assert arrived(hostile) == [ADDRESSES[0], *ADDRESSES[2:]]
    assert hostile.connections == 1


@pytest.mark.parametrize("phase", [MAIL, RCPT])
@pytest.mark.parametrize("answer", [CLOSE, f"25{HALF}", "421 4.3.2 shutting down", "what was that"])
async def test_a_connection_that_is_lost_between_two_mails_costs_none_of_them_a_try(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, answer: str
) -> None:
    hostile.plan(phase, "250 ok", answer)
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT] * 4
    assert [delivery.attempts for delivery in deliveries] == [1] * 4
    assert arrived(hostile) == ADDRESSES
    assert hostile.connections == 2


@pytest.mark.parametrize("phase", [MAIL, RCPT])
@pytest.mark.parametrize("answer", [CLOSE, f"25{HALF}", "421 4.3.2 shutting down", "what was that"])
async def test_a_connection_lost_twice_before_a_final_dot_only_that_mail_waits(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str, answer: str
) -> None:
    hostile.plan(phase, "250 ok", answer, answer)
    since = await rows.now()
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT, PENDING, SENT, SENT]
    assert (deliveries[1].failures, deliveries[1].losses) == (1, 0)
    assert await waits(deliveries[1], MINUTE, since)
    assert arrived(hostile) == [ADDRESSES[0], *ADDRESSES[2:]]
    assert hostile.connections == 3


@pytest.mark.parametrize("answer", [CLOSE, f"250 tak{HALF}", f"2{HALF}", "what was that"])
async def test_a_connection_lost_after_a_final_dot_exactly_that_mail_is_uncertain(
    hostile: HostileServer, dispatcher: Dispatcher, answer: str
) -> None:
    hostile.plan(CONTENT, "250 taken", answer)
    deliveries = await deliver(dispatcher)
    # The third was announced behind the second's content, and had sent nothing of its own.
    assert statuses(deliveries) == [SENT, UNCERTAIN, SENT, SENT]
    assert [delivery.attempts for delivery in deliveries] == [1, 1, 1, 1]
    assert deliveries[1].losses == 1
    assert arrived(hostile) == ADDRESSES
    await make_due()
    await dispatcher.sweep()
    assert statuses(await Delivery.all()) == [SENT] * 4
    again = hostile.mails[-1]
    assert (again["To"], again["Message-ID"]) == (ADDRESSES[1], deliveries[1].message_id)
    assert len(hostile.contents) == 5


async def test_a_server_that_shuts_down_over_a_content_has_not_taken_it(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(CONTENT, "250 taken", "421 4.3.2 shutting down")
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT, PENDING, SENT, SENT]
    assert (deliveries[1].failures, deliveries[1].losses) == (1, 0)


async def test_a_login_that_is_asked_for_in_the_middle_pauses_and_releases_the_rest(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(MAIL, "250 ok", "530 5.7.0 authentication required")
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT, PENDING, PENDING, PENDING]
    assert [(each.failures, each.leased_until) for each in deliveries[1:]] == [(1, None), (0, None), (0, None)]
    assert len(hostile.contents) == 1


async def test_what_is_not_ascii_travels_as_it_is_where_the_server_takes_that(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    notification = await an_event()
    await Contract.filter(id=notification.contract_id).update(title="Één wegvak")
    await dispatcher.handle([notification.id])
    assert "MAIL FROM:<no-reply@e-contracting.vlaanderen.be> BODY=8BITMIME" in hostile.commands
    [content] = hostile.contents
    assert "Één wegvak".encode() in content
