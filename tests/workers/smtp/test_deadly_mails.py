"""A mail that crashes the server is retried by the schedule behind the others, and fails in the end."""

from datetime import timedelta

import pytest

from domain.models import Delivery, DeliveryStatus
from tests import rows
from tests.commands.running import econtracting
from tests.workers.events import a_notification_to, is_put_off, make_due
from tests.workers.scripted_smtp_server import CLOSE, CONTENT, GREETING, RCPT, ScriptedSmtpServer
from workers.dispatcher import Dispatcher
from workers.metrics import WORKER_REGISTRY
from workers.outbox.retry_schedule import RETRY_DELAYS
from workers.smtp import session_pool

MINUTE = timedelta(minutes=1)
DEADLY, OTHER = "fataal@werken.example", "werf@werken.example"
CONNECTION_LOST = (
    "The mail server went away before it had the mail (the server hung up), and did not come back at once."
)


@pytest.fixture(autouse=True)
def _without_reconnect_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_pool, "RECONNECT_DELAY", 0.0)
    monkeypatch.setattr(session_pool, "LOGIN_RETRY_DELAY", 0.0)


async def mail_to(address: str) -> Delivery:
    return await Delivery.get(address=address)


async def restart_and_sweep(smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher) -> None:
    """Starts the server again, and has the worker send what is due."""
    await smtp_server.start()
    await dispatcher.sweep()


def stood_back_and_given_up() -> tuple[float, float]:
    """The counters of mails that stood back for others, and of mails that were given up."""
    given_up = WORKER_REGISTRY.get_sample_value("econtracting_deliveries_settled_total", {"outcome": "GIVEN_UP"})
    return WORKER_REGISTRY.get_sample_value("econtracting_deliveries_stood_back_total") or 0.0, given_up or 0.0


async def test_a_deadly_mail_is_retried_by_the_schedule_and_the_others_at_once(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.crashes_on = DEADLY
    since = await rows.now()
    await dispatcher.handle([(await a_notification_to(DEADLY, OTHER)).id])
    deadly, other = await mail_to(DEADLY), await mail_to(OTHER)
    assert (deadly.status, deadly.failures, deadly.leased_until) == (DeliveryStatus.PENDING, 1, None)
    assert deadly.last_error == CONNECTION_LOST
    assert await is_put_off(deadly, MINUTE, since)
    assert (other.status, other.failures, other.leased_until) == (DeliveryStatus.PENDING, 0, None)
    assert other.due_at <= await rows.now()
    await restart_and_sweep(smtp_server, dispatcher)
    assert (await mail_to(OTHER)).status == DeliveryStatus.SENT
    assert (await mail_to(DEADLY)).attempts == 1
    await make_due()
    since = await rows.now()
    await dispatcher.sweep()
    deadly = await mail_to(DEADLY)
    assert (deadly.status, deadly.attempts, deadly.failures) == (DeliveryStatus.PENDING, 2, 2)
    assert await is_put_off(deadly, 5 * MINUTE, since)


async def test_a_deadly_mail_fails_after_48_hours_and_can_be_retried_by_hand(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.crashes_on = DEADLY
    stood_back, given_up = stood_back_and_given_up()
    await dispatcher.handle([(await a_notification_to(DEADLY)).id])
    for attempts in range(1, len(RETRY_DELAYS) + 1):
        deadly = await mail_to(DEADLY)
        assert (deadly.status, deadly.failures) == (DeliveryStatus.PENDING, attempts)
        await make_due()
        await restart_and_sweep(smtp_server, dispatcher)
    deadly = await mail_to(DEADLY)
    assert (deadly.status, deadly.attempts, deadly.last_error) == (
        DeliveryStatus.FAILED,
        len(RETRY_DELAYS) + 1,
        CONNECTION_LOST,
    )
    assert stood_back_and_given_up() == (stood_back + len(RETRY_DELAYS) + 1, given_up + 1)
    await make_due()
    await restart_and_sweep(smtp_server, dispatcher)
    assert (await mail_to(DEADLY)).attempts == len(RETRY_DELAYS) + 1
    listed = (await econtracting("mail", "list", "--status", "FAILED")).stdout.splitlines()
    assert [line.split()[:2] for line in listed[1:2]] == [[str(deadly.id), "FAILED"]]
    assert listed[2].strip() == CONNECTION_LOST
    smtp_server.crashes_on = None
    assert (await econtracting("mail", "retry", str(deadly.id))).stdout == "Retried 1 of 1.\n"
    await dispatcher.sweep()
    assert (await mail_to(DEADLY)).status == DeliveryStatus.SENT


async def test_a_deadly_mail_that_may_have_been_accepted_before_stays_uncertain(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(CONTENT, CLOSE)
    await dispatcher.handle([(await a_notification_to(DEADLY)).id])
    smtp_server.crashes_on = DEADLY
    await make_due()
    await dispatcher.sweep()
    deadly = await mail_to(DEADLY)
    assert (deadly.status, deadly.losses, deadly.failures) == (DeliveryStatus.UNCERTAIN, 1, 1)


@pytest.mark.parametrize("phase", [RCPT, CONTENT])
async def test_a_server_that_shuts_down_and_stays_away_counts_as_crashed_by_the_mail(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, phase: str
) -> None:
    # It shuts down on the first mail and hangs up on the next connection.
    smtp_server.plan(phase, "421 4.3.0 fatal")
    smtp_server.plan(GREETING, "220 mail.example ESMTP", CLOSE)
    await dispatcher.handle([(await a_notification_to(DEADLY, OTHER)).id])
    deadly, other = await mail_to(DEADLY), await mail_to(OTHER)
    assert (deadly.status, deadly.failures, other.status, other.failures) == (
        DeliveryStatus.PENDING, 1, DeliveryStatus.PENDING, 0,
    )  # fmt: skip
    await dispatcher.sweep()
    assert (await mail_to(OTHER)).status == DeliveryStatus.SENT


async def test_a_mail_for_which_the_server_requires_a_login_lets_the_others_go_first(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(RCPT, "530 5.7.1 not from you")
    await dispatcher.handle([(await a_notification_to(DEADLY, OTHER)).id])
    await dispatcher.sweep()
    deadly, other = await mail_to(DEADLY), await mail_to(OTHER)
    assert (deadly.status, deadly.failures, other.status) == (DeliveryStatus.PENDING, 1, DeliveryStatus.SENT)
    assert deadly.last_error == "The mail server asks for a login before it takes the mail (answer: 530)."


async def test_the_retry_delay_begins_when_the_pause_of_the_sender_is_over(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_pool, "LOGIN_RETRY_DELAY", 600.0)
    smtp_server.plan(RCPT, "530 5.7.1 not from you")
    since = await rows.now()
    await dispatcher.handle([(await a_notification_to(DEADLY)).id])
    deadly = await mail_to(DEADLY)
    assert since + 10 * MINUTE < deadly.due_at <= await rows.now() + 11 * MINUTE
