"""Pipelined mails (RFC 2920) have the same outcomes as mails sent command by command."""

from datetime import timedelta

import pytest

from domain.models import Contract, Delivery, DeliveryStatus
from tests import rows
from tests.workers.events import a_notification_to, is_put_off, make_due
from tests.workers.scripted_smtp_server import CLOSE, CONTENT, DATA, HALF, MAIL, RCPT, ScriptedSmtpServer
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
def _pipelining(smtp_server: ScriptedSmtpServer) -> None:
    smtp_server.extensions = ("PIPELINING", "8BITMIME")


async def deliver(dispatcher: Dispatcher) -> list[Delivery]:
    """Sends a mail to each of the four addresses; returns the deliveries, in order."""
    await dispatcher.handle([(await a_notification_to(*ADDRESSES)).id])
    return await Delivery.all().order_by("id")


def statuses(deliveries: list[Delivery]) -> list[DeliveryStatus]:
    return [delivery.status for delivery in deliveries]


def arrived(smtp_server: ScriptedSmtpServer) -> list[str]:
    return [mail["To"] for mail in smtp_server.mails]


async def test_all_mails_are_sent_over_one_connection(smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher) -> None:
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT] * 4
    assert arrived(smtp_server) == ADDRESSES
    assert smtp_server.connections == 1
    assert "RSET" not in smtp_server.commands


async def test_replies_may_arrive_octet_by_octet(smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher) -> None:
    smtp_server.octet_by_octet = True
    smtp_server.plan(CONTENT, "250-taken\r\n250-and kept\r\n250 for good")
    assert statuses(await deliver(dispatcher)) == [SENT] * 4
    assert arrived(smtp_server) == ADDRESSES


@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA, CONTENT])
@pytest.mark.parametrize(("reply", "status"), [("451 4.3.0 later", PENDING), ("550 5.1.1 <{}> unknown", FAILED)])
async def test_a_rejected_mail_stops_no_other(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, reply: str, status: DeliveryStatus
) -> None:
    # The server skips the content of a mail with a planned reply to DATA: there, the first mail is rejected.
    rejected = 0 if phase == DATA else 1
    smtp_server.plan(phase, *["250 ok"] * rejected, reply.format(ADDRESSES[rejected]))
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [status if number == rejected else SENT for number in range(4)]
    assert deliveries[rejected].last_error == reply.format("…")
    assert smtp_server.connections == 1
    expected = [address for number, address in enumerate(ADDRESSES) if number != rejected or phase == CONTENT]
    assert arrived(smtp_server) == expected


async def test_a_server_that_asks_for_the_content_of_a_refused_mail_gets_none(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.asks_for_refused_content = True
    smtp_server.plan(RCPT, "250 ok", "550 5.1.1 unknown")
    assert statuses(await deliver(dispatcher)) == [SENT, FAILED, SENT, SENT]
    assert arrived(smtp_server) == [ADDRESSES[0], *ADDRESSES[2:]]
    assert smtp_server.connections == 1


@pytest.mark.parametrize("phase", [MAIL, RCPT])
@pytest.mark.parametrize("reply", [CLOSE, f"25{HALF}", "421 4.3.2 shutting down", "what was that"])
async def test_a_connection_lost_between_two_mails_costs_neither_an_attempt(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, reply: str
) -> None:
    smtp_server.plan(phase, "250 ok", reply)
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT] * 4
    assert [delivery.attempts for delivery in deliveries] == [1] * 4
    assert arrived(smtp_server) == ADDRESSES
    assert smtp_server.connections == 2


@pytest.mark.parametrize("phase", [MAIL, RCPT])
@pytest.mark.parametrize("reply", [CLOSE, f"25{HALF}", "421 4.3.2 shutting down", "what was that"])
async def test_only_the_mail_on_which_the_connection_is_lost_twice_before_its_final_dot_is_retried_later(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str, reply: str
) -> None:
    smtp_server.plan(phase, "250 ok", reply, reply)
    since = await rows.now()
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT, PENDING, SENT, SENT]
    assert (deliveries[1].failures, deliveries[1].losses) == (1, 0)
    assert await is_put_off(deliveries[1], MINUTE, since)
    assert arrived(smtp_server) == [ADDRESSES[0], *ADDRESSES[2:]]
    assert smtp_server.connections == 3


@pytest.mark.parametrize("reply", [CLOSE, f"250 tak{HALF}", f"2{HALF}", "what was that"])
async def test_only_the_mail_whose_connection_is_lost_after_its_final_dot_is_uncertain(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, reply: str
) -> None:
    smtp_server.plan(CONTENT, "250 taken", reply)
    deliveries = await deliver(dispatcher)
    # The third mail's commands were pipelined behind the second's content; none of its content had been sent.
    assert statuses(deliveries) == [SENT, UNCERTAIN, SENT, SENT]
    assert [delivery.attempts for delivery in deliveries] == [1, 1, 1, 1]
    assert deliveries[1].losses == 1
    assert arrived(smtp_server) == ADDRESSES
    await make_due()
    await dispatcher.sweep()
    assert statuses(await Delivery.all()) == [SENT] * 4
    repeated = smtp_server.mails[-1]
    assert (repeated["To"], repeated["Message-ID"]) == (ADDRESSES[1], deliveries[1].message_id)
    assert len(smtp_server.contents) == 5


async def test_a_mail_whose_content_is_answered_with_a_shutdown_was_not_accepted(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(CONTENT, "250 taken", "421 4.3.2 shutting down")
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT, PENDING, SENT, SENT]
    assert (deliveries[1].failures, deliveries[1].losses) == (1, 0)


async def test_a_login_required_in_the_middle_of_a_batch_pauses_the_sender_and_releases_the_rest(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(MAIL, "250 ok", "530 5.7.0 authentication required")
    deliveries = await deliver(dispatcher)
    assert statuses(deliveries) == [SENT, PENDING, PENDING, PENDING]
    assert [(delivery.failures, delivery.leased_until) for delivery in deliveries[1:]] == [
        (1, None),
        (0, None),
        (0, None),
    ]
    assert len(smtp_server.contents) == 1


async def test_non_ascii_text_is_sent_unencoded_to_a_server_with_8bitmime(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    notification = await a_notification_to()
    await Contract.filter(id=notification.contract_id).update(title="Één wegvak")
    await dispatcher.handle([notification.id])
    assert "MAIL FROM:<no-reply@e-contracting.vlaanderen.be> BODY=8BITMIME" in smtp_server.commands
    [content] = smtp_server.contents
    assert "Één wegvak".encode() in content
