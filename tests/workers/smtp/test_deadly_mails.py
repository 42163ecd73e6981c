"""A mail that the server can't bear stands back for the others, is tried by the schedule, and has failed in the end."""

from datetime import timedelta

import pytest

from domain.models import Delivery, DeliveryStatus
from tests import rows
from tests.commands.running import econtracting
from tests.workers.events import an_event, make_due, waits
from tests.workers.hostile_smtp import CLOSE, CONTENT, GREETING, RCPT, HostileServer
from workers.dispatcher import Dispatcher
from workers.metrics import WORKER_REGISTRY
from workers.outbox.retry_schedule import RETRY_DELAYS
from workers.smtp import session_pool

MINUTE = timedelta(minutes=1)
DEADLY, OTHER = "fataal@werken.example", "werf@werken.example"
WENT_AWAY = "The mail server went away before it had the mail (the server hung up), and did not come back at once."


@pytest.fixture(autouse=True)
def _probed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_pool, "RECONNECT_DELAY", 0.0)
    monkeypatch.setattr(session_pool, "LOGIN_RETRY_DELAY", 0.0)


async def mail_to(address: str) -> Delivery:
    return await Delivery.get(address=address)


async def begin_anew(hostile: HostileServer, dispatcher: Dispatcher) -> None:
    """The server is started again, and the worker sends what is due."""
    await hostile.start()
    await dispatcher.sweep()


def counted() -> tuple[float, float]:
    """How many mails stood back so far, and how many were given up."""
    given_up = WORKER_REGISTRY.get_sample_value("econtracting_deliveries_settled_total", {"outcome": "GIVEN_UP"})
    return WORKER_REGISTRY.get_sample_value("econtracting_deliveries_stood_back_total") or 0.0, given_up or 0.0


async def test_the_others_go_first_and_it_is_tried_by_the_schedule(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.deadly = DEADLY
    since = await rows.now()
    await dispatcher.handle([(await an_event(DEADLY, OTHER)).id])
    deadly, other = await mail_to(DEADLY), await mail_to(OTHER)
    assert (deadly.status, deadly.failures, deadly.leased_until) == (DeliveryStatus.PENDING, 1, None)
    assert deadly.last_error == WENT_AWAY
    assert await waits(deadly, MINUTE, since)
    assert (other.status, other.failures, other.leased_until) == (DeliveryStatus.PENDING, 0, None)
    assert other.due_at <= await rows.now()
    await begin_anew(hostile, dispatcher)
    assert (await mail_to(OTHER)).status == DeliveryStatus.SENT
    assert (await mail_to(DEADLY)).attempts == 1
    await make_due()
    since = await rows.now()
    await dispatcher.sweep()
    deadly = await mail_to(DEADLY)
    assert (deadly.status, deadly.attempts, deadly.failures) == (DeliveryStatus.PENDING, 2, 2)
    assert await waits(deadly, 5 * MINUTE, since)


async def test_after_48_hours_it_has_failed_and_can_be_tried_again(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.deadly = DEADLY
    stood_back, given_up = counted()
    await dispatcher.handle([(await an_event(DEADLY)).id])
    for tries in range(1, len(RETRY_DELAYS) + 1):
        deadly = await mail_to(DEADLY)
        assert (deadly.status, deadly.failures) == (DeliveryStatus.PENDING, tries)
        await make_due()
        await begin_anew(hostile, dispatcher)
    deadly = await mail_to(DEADLY)
    assert (deadly.status, deadly.attempts, deadly.last_error) == (
        DeliveryStatus.FAILED,
        len(RETRY_DELAYS) + 1,
        WENT_AWAY,
    )
    assert counted() == (stood_back + len(RETRY_DELAYS) + 1, given_up + 1)
    await make_due()
    await begin_anew(hostile, dispatcher)
    assert (await mail_to(DEADLY)).attempts == len(RETRY_DELAYS) + 1
    listed = (await econtracting("mail", "list", "--status", "FAILED")).said.splitlines()
    assert [line.split()[:2] for line in listed[1:2]] == [[str(deadly.id), "FAILED"]]
    assert listed[2].strip() == WENT_AWAY
    hostile.deadly = None
    assert (await econtracting("mail", "retry", str(deadly.id))).said == "Retried 1 of 1.\n"
    await dispatcher.sweep()
    assert (await mail_to(DEADLY)).status == DeliveryStatus.SENT


async def test_one_that_may_have_been_taken_before_stays_uncertain_meanwhile(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(CONTENT, CLOSE)
    await dispatcher.handle([(await an_event(DEADLY)).id])
    hostile.deadly = DEADLY
    await make_due()
    await dispatcher.sweep()
    deadly = await mail_to(DEADLY)
    assert (deadly.status, deadly.losses, deadly.failures) == (DeliveryStatus.UNCERTAIN, 1, 1)


@pytest.mark.parametrize("phase", [RCPT, CONTENT])
async def test_a_server_that_takes_leave_and_is_gone_is_lost_over_that_mail(
    hostile: HostileServer, dispatcher: Dispatcher, phase: str
) -> None:
    # It takes leave of the first mail, and of whoever comes next.
    hostile.plan(phase, "421 4.3.0 fatal")
    hostile.plan(GREETING, "220 hostile ESMTP", CLOSE)
    await dispatcher.handle([(await an_event(DEADLY, OTHER)).id])
    deadly, other = await mail_to(DEADLY), await mail_to(OTHER)
    assert (deadly.status, deadly.failures, other.status, other.failures) == (
        DeliveryStatus.PENDING, 1, DeliveryStatus.PENDING, 0,
    )  # fmt: skip
    await dispatcher.sweep()
    assert (await mail_to(OTHER)).status == DeliveryStatus.SENT


async def test_a_mail_that_a_login_is_asked_for_lets_the_others_go_first(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(RCPT, "530 5.7.1 not from you")
    await dispatcher.handle([(await an_event(DEADLY, OTHER)).id])
    await dispatcher.sweep()
    deadly, other = await mail_to(DEADLY), await mail_to(OTHER)
    assert (deadly.status, deadly.failures, other.status) == (DeliveryStatus.PENDING, 1, DeliveryStatus.SENT)
    assert deadly.last_error == "The mail server asks for a login before it takes the mail (answer: 530)."


async def test_the_wait_begins_when_the_pause_is_over(
    hostile: HostileServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_pool, "LOGIN_RETRY_DELAY", 600.0)
    hostile.plan(RCPT, "530 5.7.1 not from you")
    since = await rows.now()
    await dispatcher.handle([(await an_event(DEADLY)).id])
    deadly = await mail_to(DEADLY)
    assert since + 10 * MINUTE < deadly.due_at <= await rows.now() + 11 * MINUTE
