"""A failed mail is retried by hand, by administrators and by the operator."""

import pytest

from domain.actor import OPERATOR, Actor
from domain.models import AuditEntry, Contract, Delivery, DeliveryStatus, Organisation, Role
from domain.refusals import ContractEnded, DeliveryAddressErased, DeliveryNotFailed, NotFound
from domain.rules.delivery_retry import retry_as_operator, retry_delivery
from tests import rows
from tests.domain.rules.concurrency import run_while_locked
from tests.refusals import assert_refused

pytestmark = pytest.mark.usefixtures("database", "environment")


async def administrator_of(delivery: Delivery) -> Actor:
    organisation = await Organisation.get(id=delivery.organisation_id)
    return Actor(user_id=(await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)


@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.UNCERTAIN])
async def test_a_failed_mail_is_pending_again_with_the_whole_retry_schedule(status: DeliveryStatus):
    delivery = await rows.a_delivery(status=status, attempts=5, failures=3, losses=2, last_error="550 unknown")
    await Delivery.filter(id=delivery.id).update(weighed_at=await rows.now())

    retried = await retry_delivery(actor=await administrator_of(delivery), delivery_id=delivery.id)

    assert (retried.status, retried.failures, retried.losses, retried.attempts) == (DeliveryStatus.PENDING, 0, 0, 5)
    assert (retried.message_id, retried.weighed_at) == (delivery.message_id, None)
    [entry] = await AuditEntry.all()
    assert (entry.action, entry.before, entry.organisation_id) == (
        "DELIVERY_RETRIED",
        {"status": status},
        delivery.organisation_id,
    )


async def test_a_pending_or_sent_mail_is_not_retried():
    for status in (DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.SENT):
        delivery = await rows.a_delivery(status=status)
        administrator = await administrator_of(delivery)
        async with assert_refused(DeliveryNotFailed, "id", status=status):
            await retry_delivery(actor=administrator, delivery_id=delivery.id)


async def test_a_mail_whose_address_was_erased_is_not_retried():
    delivery = await rows.a_delivery(status=DeliveryStatus.FAILED)
    await Delivery.filter(id=delivery.id).update(address=None)
    administrator = await administrator_of(delivery)
    async with assert_refused(DeliveryAddressErased, "id"):
        await retry_delivery(actor=administrator, delivery_id=delivery.id)


async def test_a_mail_about_an_ended_contract_is_not_retried():
    delivery = await rows.a_delivery(status=DeliveryStatus.FAILED)
    await Contract.all().update(ended_at=await rows.now(), end_reason="Opgeleverd")
    administrator = await administrator_of(delivery)
    async with assert_refused(ContractEnded, "id"):
        await retry_delivery(actor=administrator, delivery_id=delivery.id)


async def test_a_user_and_another_organisations_administrator_find_no_delivery():
    delivery = await rows.a_delivery(status=DeliveryStatus.FAILED)
    organisation = await Organisation.get(id=delivery.organisation_id)
    user = await rows.a_person_with_right(organisation, Role.USER)
    outsider = await rows.a_person_with_right(None, Role.ADMINISTRATOR)
    for relation in (user, outsider):
        async with assert_refused(NotFound, "id"):
            await retry_delivery(actor=Actor(user_id=relation.user_id), delivery_id=delivery.id)


async def test_the_operator_retries_any_mail():
    delivery = await rows.a_delivery(status=DeliveryStatus.FAILED)
    async with assert_refused(NotFound, "id"):
        await retry_as_operator(actor=OPERATOR, delivery_id=delivery.id + 1)
    retried = await retry_as_operator(actor=OPERATOR, delivery_id=delivery.id)
    assert retried.status == DeliveryStatus.PENDING
    assert [entry.actor_name for entry in await AuditEntry.all()] == ["operator"]


async def test_concurrent_retries_retry_a_mail_once():
    delivery = await rows.a_delivery(status=DeliveryStatus.FAILED)
    administrator = await administrator_of(delivery)
    outcomes = await run_while_locked(
        delivery,
        retry_delivery(actor=administrator, delivery_id=delivery.id),
        retry_as_operator(actor=OPERATOR, delivery_id=delivery.id),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Delivery", "DeliveryNotFailed"]
    assert await AuditEntry.filter(action="DELIVERY_RETRIED").count() == 1
