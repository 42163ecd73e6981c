"""The reconciliation detects each kind of discrepancy."""

from typing import Any

import pytest

from domain.models import Delivery, DeliveryStatus, Document, Notification, NotificationStatus, Routing
from tests import rows
from tests.chaos.erratic_smtp import AcceptedMail
from tests.chaos.load import ROLLED_BACK
from tests.chaos.reconciliation import Reconciliation, reconcile, unfinished

pytestmark = pytest.mark.usefixtures("database")

DATE = "Mon, 23 Nov 2026 10:00:30 +0000"


async def a_mail(status: DeliveryStatus = DeliveryStatus.SENT, **columns: Any) -> Delivery:
    """The mail of a received document."""
    contract = await rows.a_contract()
    document = await rows.a_document(contract)
    notification = await rows.a_notification(contract, document, status=NotificationStatus.ROUTED)
    return await rows.a_delivery(await rows.a_routing(notification), status=status, **columns)


def accepted(delivery: Delivery, date: str = DATE, content: bytes = b"") -> AcceptedMail:
    return AcceptedMail(delivery.message_id, date, delivery.address or "", content)


async def reconcile_all_documents(*mails: AcceptedMail) -> Reconciliation:
    return await reconcile({document.id for document in await Document.all()}, list(mails))


async def test_mails_accepted_as_often_as_attempted_have_no_discrepancy() -> None:
    once, twice = await a_mail(), await a_mail(attempts=2)
    result = await reconcile_all_documents(accepted(once), accepted(twice), accepted(twice))
    assert result.broken == {}
    assert (result.mails, result.taken, result.copies, result.statuses) == (2, 3, 1, {"SENT": 2})


async def test_a_sent_mail_that_was_never_accepted_is_lost() -> None:
    await a_mail()
    assert (await reconcile_all_documents()).broken == {"lost": 1}


async def test_a_document_without_a_mail_is_forgotten() -> None:
    delivery = await a_mail()
    await rows.a_notification(about=None)
    not_notified = await rows.a_document()
    assert (await reconcile({not_notified.id}, [accepted(delivery)])).broken == {"forgotten": 2}


async def test_a_mail_without_a_row_is_a_stranger() -> None:
    result = await reconcile_all_documents(AcceptedMail("<weg@e-contracting.example>", DATE, "x@werken.example", b""))
    assert result.broken == {"strangers": 1}


async def test_more_copies_than_attempts_are_unexplained() -> None:
    delivery = await a_mail(attempts=2, failures=1)
    assert (await reconcile_all_documents(accepted(delivery), accepted(delivery))).broken == {"unexplained": 1}


async def test_a_copy_with_another_date_is_unexplained() -> None:
    delivery = await a_mail(attempts=2)
    other_date = accepted(delivery, "Mon, 23 Nov 2026 10:00:45 +0000")
    assert (await reconcile_all_documents(accepted(delivery), other_date)).broken == {"unexplained": 1}


async def test_a_mail_about_a_rolled_back_delivery_is_detected() -> None:
    delivery = await a_mail()
    mail = accepted(delivery, content=ROLLED_BACK.encode())
    assert (await reconcile_all_documents(mail)).broken == {"undone": 1}


async def test_failed_routings_without_a_second_one_and_second_ones_without_a_failure_are_detected() -> None:
    await a_mail(DeliveryStatus.FAILED, attempts=1)
    delivery = await a_mail()
    routing = await Routing.get(id=delivery.routing_id)
    await rows.a_routing(await Notification.get(id=routing.notification_id), position=2, follows=routing)
    assert (await reconcile_all_documents(accepted(delivery))).broken == {"unfollowed": 2}


async def test_notifications_and_mails_without_a_final_status_are_unfinished() -> None:
    for status in (DeliveryStatus.SENT, DeliveryStatus.FAILED):
        await rows.a_delivery(status=status, attempts=1, weighed_at=await rows.now())
    await rows.a_delivery(status=DeliveryStatus.UNCERTAIN, attempts=2, losses=2)
    assert await unfinished() == 0
    await rows.a_notification()
    await rows.a_delivery(status=DeliveryStatus.UNCERTAIN, attempts=1, losses=1)
    await rows.a_delivery(status=DeliveryStatus.FAILED, attempts=1)
    await rows.a_delivery()
    assert await unfinished() == 4
