"""A mail that failed is tried again by hand, by administrators."""

import pytest

from domain.actor import Actor
from domain.models import AuditEntry, Delivery, DeliveryStatus, Organisation, Role
from domain.refusals import DeliveryNotFailed, NotFound
from domain.rules.delivery_retry import retry_delivery
from tests import rows
from tests.refusing import refused

pytestmark = pytest.mark.usefixtures("database", "environment")


async def administrator_of(delivery: Delivery) -> Actor:
    organisation = await Organisation.get(id=delivery.organisation_id)
    return Actor(user_id=(await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)


async def test_a_failed_mail_waits_again_with_the_whole_schedule_before_it():
    delivery = await rows.a_delivery(status=DeliveryStatus.FAILED, attempts=3, failures=3, last_error="550 unknown")

    retried = await retry_delivery(actor=await administrator_of(delivery), delivery_id=delivery.id)

    assert (retried.status, retried.failures, retried.attempts) == (DeliveryStatus.PENDING, 0, 3)
    assert retried.message_id == delivery.message_id
    assert [entry.action for entry in await AuditEntry.all()] == ["DELIVERY_RETRIED"]


async def test_a_mail_that_waits_or_arrived_is_left_alone():
    for status in (DeliveryStatus.PENDING, DeliveryStatus.SENT):
        delivery = await rows.a_delivery(status=status)
        administrator = await administrator_of(delivery)
        async with refused(DeliveryNotFailed, "id", status=status):
            await retry_delivery(actor=administrator, delivery_id=delivery.id)


async def test_a_user_finds_no_delivery():
    delivery = await rows.a_delivery(status=DeliveryStatus.FAILED)
    organisation = await Organisation.get(id=delivery.organisation_id)
    user = await rows.a_person_with_right(organisation, Role.USER)
    async with refused(NotFound, "id"):
        await retry_delivery(actor=Actor(user_id=user.user_id), delivery_id=delivery.id)
