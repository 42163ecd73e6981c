"""A bounce is recorded once, and only for a report that matches the delivery (domain 6)."""

from typing import Any

import pytest

from domain.models import Delivery, DeliveryStatus
from domain.rules.bounce import BounceOutcome, ReportedAction, ReportedRecipient, ReturnedMail, record_bounce
from domain.rules.second_routing import route_undelivered
from tests import rows
from tests.table_contents import assert_tables_unchanged
from workers.outbox.claimed_deliveries import Settlement, settle
from workers.outbox.delivery_claims import DeliveryClaim
from workers.smtp.outcome import SENT

pytestmark = pytest.mark.usefixtures("database")

FAILED = ReportedRecipient(ReportedAction.FAILED, "550 5.1.1 unknown")
DELAYED = ReportedRecipient(ReportedAction.DELAYED, "4.4.1 no answer")


async def a_sent_mail(**columns: Any) -> Delivery:
    return await rows.a_delivery(**{"status": DeliveryStatus.SENT, "address": "werf@werken.example"} | columns)


def report_on(delivery: Delivery, *recipients: ReportedRecipient, sending: int = 1) -> ReturnedMail:
    random = delivery.message_id.strip("<>").partition("@")[0]
    return ReturnedMail(recipients or (FAILED,), delivery.id, sending, random)


@pytest.mark.parametrize("status", [DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN])
async def test_an_accepted_mail_is_marked_as_bounced_with_the_reason(status: DeliveryStatus) -> None:
    delivery = await a_sent_mail(status=status, attempts=1)
    assert await record_bounce(report_on(delivery)) is BounceOutcome.BOUNCED
    await delivery.refresh_from_db()
    assert (delivery.status, delivery.last_error) == (DeliveryStatus.BOUNCED, "550 5.1.1 unknown")
    assert await route_undelivered("mail.example") == 1


async def test_a_report_without_a_return_path_is_matched_by_the_message_id() -> None:
    delivery = await a_sent_mail()
    assert await record_bounce(ReturnedMail((FAILED,), message_id=delivery.message_id)) is BounceOutcome.BOUNCED


async def test_a_repeated_report_changes_nothing() -> None:
    delivery = await a_sent_mail()
    await record_bounce(report_on(delivery))
    async with assert_tables_unchanged():
        assert await record_bounce(report_on(delivery)) is BounceOutcome.KNOWN


async def test_temporarily_rejected_attempts_belong_to_the_sending_that_was_accepted() -> None:
    delivery = await a_sent_mail(attempts=4, failures=3)
    assert await record_bounce(report_on(delivery, sending=1)) is BounceOutcome.BOUNCED


async def test_a_report_about_an_earlier_sending_changes_nothing() -> None:
    delivery = await a_sent_mail(attempts=2)
    async with assert_tables_unchanged():
        assert await record_bounce(report_on(delivery, sending=1)) is BounceOutcome.OVERTAKEN


async def test_a_report_on_a_mail_that_is_pending_again_changes_nothing() -> None:
    delivery = await a_sent_mail(status=DeliveryStatus.PENDING, attempts=1)
    async with assert_tables_unchanged():
        assert await record_bounce(report_on(delivery)) is BounceOutcome.OVERTAKEN


async def test_a_mail_that_bounces_before_its_worker_settled_it_stays_bounced() -> None:
    delivery = await a_sent_mail(status=DeliveryStatus.SENDING, attempts=2)
    assert await record_bounce(report_on(delivery, sending=2)) is BounceOutcome.BOUNCED
    claim = DeliveryClaim(delivery.id, attempt=2, failures=0, losses=0, domain="werken.example")
    assert await settle([Settlement(claim, SENT)]) == {}
    await delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.BOUNCED


async def test_a_report_that_cannot_be_matched_to_the_current_attempt_changes_nothing() -> None:
    delivery = await a_sent_mail(status=DeliveryStatus.SENDING, attempts=2)
    async with assert_tables_unchanged():
        assert await record_bounce(report_on(delivery, sending=1)) is BounceOutcome.OVERTAKEN
        assert await record_bounce(ReturnedMail((FAILED,), message_id=delivery.message_id)) is BounceOutcome.OVERTAKEN


async def test_a_forged_report_changes_nothing() -> None:
    delivery = await a_sent_mail()
    forged = [
        ReturnedMail((FAILED,), delivery.id, 1, "0" * 32),
        ReturnedMail((FAILED,), delivery.id + 1, 1, delivery.message_id.strip("<").partition("@")[0]),
        ReturnedMail((FAILED,), message_id="<iets@e-contracting.example>"),
        ReturnedMail((FAILED,)),
    ]
    async with assert_tables_unchanged():
        assert [await record_bounce(report) for report in forged] == [BounceOutcome.UNKNOWN] * 4


async def test_a_delayed_mail_has_not_bounced() -> None:
    delivery = await a_sent_mail()
    async with assert_tables_unchanged():
        assert await record_bounce(report_on(delivery, DELAYED)) is BounceOutcome.DELAYED


async def test_of_several_recipients_that_of_the_delivery_counts() -> None:
    our_recipient = ReportedRecipient(ReportedAction.FAILED, "550 ours", ("other@x.example", "werf@WERKEN.example"))
    other_recipient = ReportedRecipient(ReportedAction.DELIVERED, "", ("collega@werken.example",))
    delivery = await a_sent_mail()
    assert await record_bounce(report_on(delivery, other_recipient, our_recipient)) is BounceOutcome.BOUNCED
    await delivery.refresh_from_db()
    assert delivery.last_error == "550 ours"


async def test_a_forwarded_mail_has_bounced_only_if_no_recipient_received_it() -> None:
    failed = ReportedRecipient(ReportedAction.FAILED, "550 gone", ("een@werken.example",))
    delivered = ReportedRecipient(ReportedAction.DELIVERED, "", ("twee@werken.example",))
    assert await record_bounce(report_on(await a_sent_mail(), failed, delivered)) is BounceOutcome.DELIVERED
    assert await record_bounce(report_on(await a_sent_mail(), DELAYED, failed)) is BounceOutcome.BOUNCED


async def test_a_mail_whose_address_was_erased_is_marked_as_bounced() -> None:
    delivery = await a_sent_mail()
    await Delivery.filter(id=delivery.id).update(address=None)
    assert await record_bounce(report_on(delivery)) is BounceOutcome.BOUNCED
