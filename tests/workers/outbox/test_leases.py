"""Leases: which worker holds a mail, for how long, and that a stale worker's outcome does not count."""

import asyncio
import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from domain.database.connection import database
from domain.models import Delivery, DeliveryStatus, Notification
from settings import settings
from tests import rows
from tests.conftest import Environment
from tests.database_roles import execute_as_owner
from tests.workers.conftest import LONG_LEASE
from tests.workers.events import a_notification_to, eventually, only_delivery
from tests.workers.scripted_smtp_server import CONTENT, ScriptedSmtpServer
from workers.dispatcher import Dispatcher
from workers.outbox import leases
from workers.outbox.claimed_deliveries import Settlement, settle
from workers.outbox.delivery_claims import DeliveryClaim, DeliveryClaimer
from workers.outbox.leases import Leases
from workers.outbox.notification_claims import NotificationClaimer
from workers.smtp.outcome import SENT, Outcome, Verdict
from workers.sweep import sweep_forever

pytestmark = pytest.mark.usefixtures("database")

LEASE = timedelta(seconds=15)


async def a_claim() -> DeliveryClaim:
    await rows.a_delivery()
    [claim] = await DeliveryClaimer().claim()
    return claim


async def expire_leases() -> None:
    await database().execute_query("update delivery set leased_until = now()")


@pytest.fixture
def often_renewed(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease is renewed five times a second, and doesn't expire by itself."""
    environment.set(MAIL_LEASE_SECONDS=LONG_LEASE)
    monkeypatch.setattr(leases, "RENEWALS", 5 * LONG_LEASE)


async def is_leased() -> bool:
    return await Delivery.filter(leased_until__gt=await rows.now()).exists()


async def test_a_claim_lasts_15_seconds_and_counts_the_attempt() -> None:
    since = await rows.now()
    claim = await a_claim()
    delivery = await only_delivery()
    assert (delivery.status, delivery.attempts, claim.attempt) == (DeliveryStatus.SENDING, 1, 1)
    assert delivery.leased_until is not None
    assert since + LEASE <= delivery.leased_until <= await rows.now() + LEASE
    assert await DeliveryClaimer().claim() == []


async def test_an_expired_lease_is_taken_over_at_once_outside_the_retry_schedule() -> None:
    await a_claim()
    await expire_leases()
    [second] = await DeliveryClaimer().claim()
    delivery = await only_delivery()
    assert (second.attempt, delivery.attempts, delivery.failures) == (2, 2, 0)


@pytest.mark.parametrize("outcome", [SENT, Outcome(Verdict.REFUSED, "550 no"), Outcome(Verdict.LOST, "lost")])
async def test_a_stale_workers_outcome_does_not_count(outcome: Outcome) -> None:
    stale = await a_claim()
    await expire_leases()
    [fresh] = await DeliveryClaimer().claim()
    before = await Delivery.all().values()
    assert await settle([Settlement(stale, outcome)]) == {}
    assert await Delivery.all().values() == before
    assert set(await settle([Settlement(fresh, SENT)])) == {fresh.id}
    assert await settle([Settlement(stale, outcome)]) == {}
    assert (await only_delivery()).status == DeliveryStatus.SENT


@pytest.mark.usefixtures("often_renewed")
async def test_a_lease_is_renewed_while_its_mail_is_sent() -> None:
    claim = await a_claim()
    async with Leases([claim], time.monotonic()) as held_leases:
        await expire_leases()
        await eventually(is_leased)
        assert held_leases.holds(claim)


@pytest.mark.usefixtures("often_renewed")
async def test_a_worker_whose_lease_was_taken_over_no_longer_holds_it() -> None:
    claim = await a_claim()
    async with Leases([claim], time.monotonic()) as held_leases:
        await expire_leases()
        await database().execute_query("update delivery set attempts = attempts + 1")
        await eventually(lambda: not held_leases.holds(claim))
    assert (await only_delivery()).status == DeliveryStatus.SENDING


async def test_a_process_that_was_suspended_beyond_its_lease_no_longer_holds_it() -> None:
    claim = await a_claim()
    async with Leases([claim], time.monotonic() - 15) as held_leases:
        assert not held_leases.holds(claim)


async def test_claims_that_were_not_begun_are_released() -> None:
    await rows.a_delivery()
    await rows.a_delivery()
    await rows.a_delivery(status=DeliveryStatus.UNCERTAIN, attempts=1, losses=1)
    claims = await DeliveryClaimer().claim()
    async with Leases(claims, time.monotonic()) as held_leases:
        assert held_leases.begin(claims[0])
    begun, untouched, uncertain = await Delivery.all().order_by("id")
    assert begun.status == DeliveryStatus.SENDING
    assert (untouched.status, untouched.leased_until) == (DeliveryStatus.PENDING, None)
    assert uncertain.status == DeliveryStatus.UNCERTAIN
    assert [claim.id for claim in await DeliveryClaimer().claim()] == [untouched.id, uncertain.id]


async def test_concurrent_claims_take_different_mails() -> None:
    for _ in range(20):
        await rows.a_delivery()
    batches = await asyncio.gather(*(DeliveryClaimer().claim(limit=10) for _ in range(4)))
    claims = [claim for batch in batches for claim in batch]
    assert claims
    assert len({claim.id for claim in claims}) == len(claims)
    assert {claim.attempt for claim in claims} == {1}


async def test_the_expired_lease_of_a_notification_is_taken_over() -> None:
    await a_notification_to()
    [first] = await NotificationClaimer().claim()
    assert await NotificationClaimer().claim() == []
    await Notification.all().update(leased_until=await rows.now())
    [second] = await NotificationClaimer().claim()
    assert (first.attempt, second.attempt) == (1, 2)


async def test_a_worker_that_stops_finishes_the_mail_being_sent_and_releases_the_rest(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    resume = asyncio.Event()
    smtp_server.plan(CONTENT, resume)
    notification = await a_notification_to("een@werken.example", "twee@werken.example")
    handling = asyncio.create_task(dispatcher.handle([notification.id]))
    await smtp_server.reached.wait()
    closing = asyncio.create_task(dispatcher.close())
    await asyncio.sleep(0)
    resume.set()
    await asyncio.gather(handling, closing)
    first, second = await Delivery.all().order_by("id")
    assert first.status == DeliveryStatus.SENT
    assert (second.status, second.leased_until) == (DeliveryStatus.PENDING, None)
    assert len(smtp_server.contents) == 1


async def test_a_mail_that_hangs_is_cut_off_after_the_grace_period_and_repeated_when_its_lease_expires(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.dispatcher.GRACE_PERIOD", 0.05)
    smtp_server.plan(CONTENT, asyncio.Event())
    handling = asyncio.create_task(dispatcher.handle([(await a_notification_to()).id]))
    await smtp_server.reached.wait()
    await dispatcher.close()
    with pytest.raises(asyncio.CancelledError):
        await handling
    delivery = await only_delivery()
    assert delivery.status == DeliveryStatus.SENDING
    await expire_leases()
    second = Dispatcher(settings())
    await second.sweep()
    await second.close()
    assert (await only_delivery()).status == DeliveryStatus.SENT
    first_mail, repeated_mail = smtp_server.mails
    assert first_mail["Message-ID"] == repeated_mail["Message-ID"]


async def test_the_sweep_continues_after_an_error(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.sweep.INTERVAL", 0.02)
    await execute_as_owner("alter table notification rename to away")
    with capture_logs() as logs:
        sweeping = asyncio.create_task(sweep_forever(dispatcher))
        await eventually(lambda: any(line["event"] == "sweep_failed" for line in logs))
    await execute_as_owner("alter table away rename to notification")
    await a_notification_to()
    await eventually(lambda: smtp_server.contents)
    sweeping.cancel()
