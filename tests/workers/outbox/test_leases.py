"""Leases: who holds a mail, for how long, and that nobody else's word counts (design: numbers that others rely on)."""

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
from tests.owner import as_owner
from tests.workers.conftest import LONG_LEASE
from tests.workers.events import an_event, eventually, the_delivery
from tests.workers.hostile_smtp import CONTENT, HostileServer
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


async def run_out() -> None:
    """The lease's worker was killed 15 seconds ago."""
    await database().execute_query("update delivery set leased_until = now()")


@pytest.fixture
def often_renewed(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease is renewed five times a second, and doesn't run out by itself."""
    environment.set(MAIL_LEASE_SECONDS=LONG_LEASE)
    monkeypatch.setattr(leases, "RENEWALS", 5 * LONG_LEASE)


async def is_leased() -> bool:
    return await Delivery.filter(leased_until__gt=await rows.now()).exists()


async def test_a_claim_lasts_15_seconds_and_counts_the_try() -> None:
    since = await rows.now()
    claim = await a_claim()
    delivery = await the_delivery()
    assert (delivery.status, delivery.attempts, claim.attempt) == (DeliveryStatus.SENDING, 1, 1)
    assert delivery.leased_until is not None
    assert since + LEASE <= delivery.leased_until <= await rows.now() + LEASE
    assert await DeliveryClaimer().claim() == []


async def test_an_expired_lease_is_taken_over_at_once_outside_the_schedule() -> None:
    await a_claim()
    await run_out()
    [second] = await DeliveryClaimer().claim()
    delivery = await the_delivery()
    assert (second.attempt, delivery.attempts, delivery.failures) == (2, 2, 0)


@pytest.mark.parametrize("outcome", [SENT, Outcome(Verdict.REFUSED, "550 no"), Outcome(Verdict.LOST, "lost")])
async def test_a_stale_workers_outcome_does_not_count(outcome: Outcome) -> None:
    stale = await a_claim()
    await run_out()
    [fresh] = await DeliveryClaimer().claim()
    before = await Delivery.all().values()
    assert await settle([Settlement(stale, outcome)]) == {}
    assert await Delivery.all().values() == before
    assert set(await settle([Settlement(fresh, SENT)])) == {fresh.id}
    assert await settle([Settlement(stale, outcome)]) == {}
    assert (await the_delivery()).status == DeliveryStatus.SENT


@pytest.mark.usefixtures("often_renewed")
async def test_a_lease_is_renewed_while_its_mail_is_sent() -> None:
    claim = await a_claim()
    async with Leases([claim], time.monotonic()) as held:
        await run_out()
        await eventually(is_leased)
        assert held.holds(claim)


@pytest.mark.usefixtures("often_renewed")
async def test_who_finds_the_lease_taken_over_does_not_send() -> None:
    claim = await a_claim()
    async with Leases([claim], time.monotonic()) as held:
        await run_out()
        await database().execute_query("update delivery set attempts = attempts + 1")
        await eventually(lambda: not held.holds(claim))
    assert (await the_delivery()).status == DeliveryStatus.SENDING


async def test_a_process_that_stood_still_for_too_long_does_not_trust_its_lease() -> None:
    claim = await a_claim()
    async with Leases([claim], time.monotonic() - 15) as held:
        assert not held.holds(claim)


async def test_what_was_not_begun_is_released() -> None:
    await rows.a_delivery()
    await rows.a_delivery()
    await rows.a_delivery(status=DeliveryStatus.UNCERTAIN, attempts=1, losses=1)
    claims = await DeliveryClaimer().claim()
    async with Leases(claims, time.monotonic()) as held:
        assert held.begin(claims[0])
    begun, untouched, uncertain = await Delivery.all().order_by("id")
    assert begun.status == DeliveryStatus.SENDING
    assert (untouched.status, untouched.leased_until) == (DeliveryStatus.PENDING, None)
    assert uncertain.status == DeliveryStatus.UNCERTAIN
    assert [claim.id for claim in await DeliveryClaimer().claim()] == [untouched.id, uncertain.id]


async def test_two_claim_different_mails() -> None:
    for _ in range(20):
        await rows.a_delivery()
    answers = await asyncio.gather(*(DeliveryClaimer().claim(limit=10) for _ in range(4)))
    ids = [claim.id for claims in answers for claim in claims]
    assert len(ids) == len(set(ids))
    assert {claim.attempt for claims in answers for claim in claims} == {1}


async def test_a_notifications_lease_is_taken_over_likewise() -> None:
    await an_event()
    [first] = await NotificationClaimer().claim()
    assert await NotificationClaimer().claim() == []
    await Notification.all().update(leased_until=await rows.now())
    [second] = await NotificationClaimer().claim()
    assert (first.attempt, second.attempt) == (1, 2)


async def test_a_worker_that_stops_finishes_the_mail_being_sent_and_releases_the_rest(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    held = asyncio.Event()
    hostile.plan(CONTENT, held)
    notification = await an_event("een@werken.example", "twee@werken.example")
    handling = asyncio.create_task(dispatcher.handle([notification.id]))
    await hostile.reached.wait()
    closing = asyncio.create_task(dispatcher.close())
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(handling, closing)
    first, second = await Delivery.all().order_by("id")
    assert first.status == DeliveryStatus.SENT
    assert (second.status, second.leased_until) == (DeliveryStatus.PENDING, None)
    assert len(hostile.contents) == 1


async def test_a_mail_that_hangs_is_cut_off_and_left_to_its_lease(
    hostile: HostileServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.dispatcher.GRACE_PERIOD", 0.05)
    hostile.plan(CONTENT, asyncio.Event())
    handling = asyncio.create_task(dispatcher.handle([(await an_event()).id]))
    await hostile.reached.wait()
    await dispatcher.close()
    with pytest.raises(asyncio.CancelledError):
        await handling
    delivery = await the_delivery()
    assert delivery.status == DeliveryStatus.SENDING
    await run_out()
    second = Dispatcher(settings())
    await second.sweep()
    await second.close()
    assert (await the_delivery()).status == DeliveryStatus.SENT
    first, again = hostile.mails
    assert first["Message-ID"] == again["Message-ID"]


async def test_the_sweep_outlives_what_goes_wrong_in_it(
    hostile: HostileServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.sweep.INTERVAL", 0.02)
    await as_owner("alter table notification rename to away")
    with capture_logs() as logs:
        sweeping = asyncio.create_task(sweep_forever(dispatcher))
        await eventually(lambda: any(each["event"] == "sweep_failed" for each in logs))
    await as_owner("alter table away rename to notification")
    await an_event()
    await eventually(lambda: hostile.contents)
    sweeping.cancel()
