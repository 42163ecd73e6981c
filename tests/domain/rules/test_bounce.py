"""A mail that came back is marked once, and only by who saw it (domain section 6)."""

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


def about(delivery: Delivery, *recipients: ReportedRecipient, sending: int = 1) -> ReturnedMail:
    random = delivery.message_id.strip("<>").partition("@")[0]
    return ReturnedMail(recipients or (FAILED,), delivery.id, sending, random)


@pytest.mark.parametrize("status", [DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN])
async def test_a_mail_that_was_taken_has_bounced_with_the_reason(status: DeliveryStatus) -> None:
    delivery = await a_sent_mail(status=status, attempts=1)
    assert await record_bounce(about(delivery)) is BounceOutcome.BOUNCED
    await delivery.refresh_from_db()
    assert (delivery.status, delivery.last_error) == (DeliveryStatus.BOUNCED, "550 5.1.1 unknown")
    assert await route_undelivered("mail.example") == 1


async def test_it_is_found_by_the_message_id_where_that_is_all_there_is() -> None:
    delivery = await a_sent_mail()
    assert await record_bounce(ReturnedMail((FAILED,), message_id=delivery.message_id)) is BounceOutcome.BOUNCED


async def test_the_same_report_again_changes_nothing() -> None:
    delivery = await a_sent_mail()
    await record_bounce(about(delivery))
    async with assert_tables_unchanged():
        assert await record_bounce(about(delivery)) is BounceOutcome.KNOWN


async def test_tries_that_were_turned_down_for_now_are_one_sending_with_the_one_that_was_taken() -> None:
    delivery = await a_sent_mail(attempts=4, failures=3)
    assert await record_bounce(about(delivery, sending=1)) is BounceOutcome.BOUNCED


async def test_a_report_about_an_earlier_sending_changes_nothing() -> None:
    delivery = await a_sent_mail(attempts=2)
    async with assert_tables_unchanged():
        assert await record_bounce(about(delivery, sending=1)) is BounceOutcome.OVERTAKEN


async def test_a_mail_that_waits_again_has_not_bounced() -> None:
    delivery = await a_sent_mail(status=DeliveryStatus.PENDING, attempts=1)
    async with assert_tables_unchanged():
        assert await record_bounce(about(delivery)) is BounceOutcome.OVERTAKEN


async def test_a_mail_that_comes_back_before_its_worker_wrote_that_it_left_has_bounced() -> None:
    delivery = await a_sent_mail(status=DeliveryStatus.SENDING, attempts=2)
    assert await record_bounce(about(delivery, sending=2)) is BounceOutcome.BOUNCED
    claim = DeliveryClaim(delivery.id, attempt=2, failures=0, losses=0, domain="werken.example")
    assert await settle([Settlement(claim, SENT)]) == {}
    await delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.BOUNCED


async def test_which_try_of_a_mail_on_its_way_came_back_is_not_guessed() -> None:
    delivery = await a_sent_mail(status=DeliveryStatus.SENDING, attempts=2)
    async with assert_tables_unchanged():
        assert await record_bounce(about(delivery, sending=1)) is BounceOutcome.OVERTAKEN
        assert await record_bounce(ReturnedMail((FAILED,), message_id=delivery.message_id)) is BounceOutcome.OVERTAKEN


async def test_a_made_up_report_changes_nothing() -> None:
    delivery = await a_sent_mail()
    made_up = [
        ReturnedMail((FAILED,), delivery.id, 1, "0" * 32),
        ReturnedMail((FAILED,), delivery.id + 1, 1, delivery.message_id.strip("<").partition("@")[0]),
        ReturnedMail((FAILED,), message_id="<iets@e-contracting.example>"),
        ReturnedMail((FAILED,)),
    ]
    async with assert_tables_unchanged():
        assert [await record_bounce(each) for each in made_up] == [BounceOutcome.UNKNOWN] * 4


async def test_a_mail_that_is_under_way_has_not_bounced() -> None:
    delivery = await a_sent_mail()
    async with assert_tables_unchanged():
        assert await record_bounce(about(delivery, DELAYED)) is BounceOutcome.DELAYED


async def test_of_several_recipients_ours_counts() -> None:
    ours = ReportedRecipient(ReportedAction.FAILED, "550 ours", ("other@x.example", "werf@WERKEN.example"))
    other = ReportedRecipient(ReportedAction.DELIVERED, "", ("collega@werken.example",))
    delivery = await a_sent_mail()
    assert await record_bounce(about(delivery, other, ours)) is BounceOutcome.BOUNCED
    await delivery.refresh_from_db()
    assert delivery.last_error == "550 ours"


async def test_where_ours_was_passed_on_to_several_one_that_got_it_is_enough() -> None:
    failed = ReportedRecipient(ReportedAction.FAILED, "550 gone", ("een@werken.example",))
    delivered = ReportedRecipient(ReportedAction.DELIVERED, "", ("twee@werken.example",))
    assert await record_bounce(about(await a_sent_mail(), failed, delivered)) is BounceOutcome.DELIVERED
    assert await record_bounce(about(await a_sent_mail(), DELAYED, failed)) is BounceOutcome.BOUNCED


async def test_an_erased_address_is_no_hindrance() -> None:
    delivery = await a_sent_mail()
    await Delivery.filter(id=delivery.id).update(address=None)
    assert await record_bounce(about(delivery)) is BounceOutcome.BOUNCED
