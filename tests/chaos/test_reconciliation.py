"""The reckoning sees what it is there to see."""

from typing import Any

import pytest

from domain.models import Delivery, DeliveryStatus, Document, Notification, NotificationStatus, Routing
from tests import rows
from tests.chaos.erratic_smtp import AcceptedMail
from tests.chaos.load import UNDONE
from tests.chaos.reconciliation import Reconciliation, reconcile, unfinished

pytestmark = pytest.mark.usefixtures("database")

DATE = "Mon, 23 Nov 2026 10:00:30 +0000"


async def a_mail(status: DeliveryStatus = DeliveryStatus.SENT, **columns: Any) -> Delivery:
    """One event with one mail, at the organisation's level."""
    contract = await rows.a_contract()
    about = await rows.a_document(contract)
    notification = await rows.a_notification(contract, about, status=NotificationStatus.ROUTED)
    return await rows.a_delivery(await rows.a_routing(notification), status=status, **columns)


def taken(delivery: Delivery, date: str = DATE, content: bytes = b"") -> AcceptedMail:
    return AcceptedMail(delivery.message_id, date, delivery.address or "", content)


async def reconciled(*mails: AcceptedMail) -> Reconciliation:
    return await reconcile({each.id for each in await Document.all()}, list(mails))


async def test_what_went_well_is_well() -> None:
    once, twice = await a_mail(), await a_mail(attempts=2)
    found = await reconciled(taken(once), taken(twice), taken(twice))
    assert found.broken == {}
    assert (found.mails, found.taken, found.copies, found.statuses) == (2, 3, 1, {"SENT": 2})


async def test_a_mail_that_is_sent_and_was_never_taken_is_lost() -> None:
    await a_mail()
    assert (await reconciled()).broken == {"lost": 1}


async def test_an_event_without_a_mail_is_forgotten() -> None:
    delivery = await a_mail()
    await rows.a_notification(about=None)
    silent = await rows.a_document()
    assert (await reconcile({silent.id}, [taken(delivery)])).broken == {"forgotten": 2}


async def test_a_mail_without_a_row_is_a_stranger() -> None:
    found = await reconciled(AcceptedMail("<weg@e-contracting.example>", DATE, "x@werken.example", b""))
    assert found.broken == {"strangers": 1}


async def test_a_copy_that_no_try_explains() -> None:
    delivery = await a_mail(attempts=2, failures=1)
    assert (await reconciled(taken(delivery), taken(delivery))).broken == {"unexplained": 1}


async def test_a_copy_that_is_not_the_same_mail() -> None:
    delivery = await a_mail(attempts=2)
    later = taken(delivery, "Mon, 23 Nov 2026 10:00:45 +0000")
    assert (await reconciled(taken(delivery), later)).broken == {"unexplained": 1}


async def test_a_mail_about_what_was_undone() -> None:
    delivery = await a_mail()
    assert (await reconciled(taken(delivery, content=UNDONE.encode()))).broken == {"undone": 1}


async def test_a_routing_that_failed_and_nothing_followed_or_that_was_followed_for_nothing() -> None:
    await a_mail(DeliveryStatus.FAILED, attempts=1)
    delivery = await a_mail()
    routing = await Routing.get(id=delivery.routing_id)
    await rows.a_routing(await Notification.get(id=routing.notification_id), position=2, follows=routing)
    assert (await reconciled(taken(delivery))).broken == {"unfollowed": 2}


async def test_what_is_under_way_is_not_finished() -> None:
    for status in (DeliveryStatus.SENT, DeliveryStatus.FAILED):
        await rows.a_delivery(status=status, attempts=1, weighed_at=await rows.now())
    await rows.a_delivery(status=DeliveryStatus.UNCERTAIN, attempts=2, losses=2)
    assert await unfinished() == 0
    await rows.a_notification()
    await rows.a_delivery(status=DeliveryStatus.UNCERTAIN, attempts=1, losses=1)
    await rows.a_delivery(status=DeliveryStatus.FAILED, attempts=1)
    await rows.a_delivery()
    assert await unfinished() == 4
