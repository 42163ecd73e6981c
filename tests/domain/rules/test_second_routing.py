"""A notification whose every mail failed is routed once more, from the next level on (domain 6)."""

import asyncio

import asyncpg
import pytest

from domain.actor import Actor
from domain.models import (
    Contract,
    Delivery,
    DeliveryStatus,
    Notification,
    NotificationStatus,
    Organisation,
    Role,
    Routing,
)
from domain.rules.delivery_retry import retry_delivery
from domain.rules.notification_routing import route_notification
from domain.rules.second_routing import route_undelivered
from settings import settings
from tests import rows
from tests.database_roles import execute_as_owner
from tests.domain.routing_cases import DRAFT, a_linked_group, a_member, a_received_document
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")

DOMAIN = "mail.example"


async def route_first(notification: Notification) -> list[Delivery]:
    """Routes a notification; returns its deliveries in order."""
    await route_notification(notification.id, attempt=0, message_domain=DOMAIN)
    return await Delivery.filter(routing__notification_id=notification.id).order_by("id")


async def set_status(delivery: Delivery, status: DeliveryStatus) -> None:
    sent = {"sent_at": await rows.now()} if status is DeliveryStatus.SENT else {}
    await Delivery.filter(id=delivery.id).update(status=status, **sent)


async def second_routing_of(notification: Notification) -> tuple[str | None, list[str | None]] | None:
    """The level and the addresses of the second routing, if there is one."""
    routing = await Routing.get_or_none(notification_id=notification.id, position=2)
    if routing is None:
        return None
    deliveries = await Delivery.filter(routing_id=routing.id).order_by("id")
    return routing.level, [delivery.address for delivery in deliveries]


async def a_firm(*emails: str) -> tuple[Contract, Notification]:
    """A contract with a received document; linked groups with these addresses, and an organisation with one."""
    contract = await rows.a_contract(await rows.an_organisation(email="firma@werken.example"))
    for email in emails:
        await a_linked_group(contract, email=email)
    return contract, await a_received_document(contract)


@pytest.mark.parametrize("last_status", [DeliveryStatus.FAILED, DeliveryStatus.BOUNCED])
async def test_a_notification_whose_last_mail_failed_is_routed_to_the_next_level(last_status: DeliveryStatus) -> None:
    _, notification = await a_firm("een@werken.example", "twee@werken.example")
    first_mail, second_mail = await route_first(notification)
    await set_status(first_mail, DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 1
    assert await second_routing_of(notification) is None

    await set_status(second_mail, last_status)
    assert await route_undelivered(DOMAIN) == 1

    first, second = await Routing.filter(notification_id=notification.id).order_by("position")
    assert (second.level, second.follows_id, second.position) == ("ORGANISATION", first.id, 2)
    bounced = int(last_status is DeliveryStatus.BOUNCED)
    assert second.explanation == {
        "after": {"level": "GROUP", "failed": 2 - bounced, "bounced": bounced},
        "skipped": [],
        "chosen": {"level": "ORGANISATION", "addresses": 1, "ways": [{}]},
    }
    mail = await Delivery.get(routing_id=second.id)
    assert (mail.address, mail.status, mail.attempts) == ("firma@werken.example", DeliveryStatus.PENDING, 0)
    assert mail.message_id not in (first_mail.message_id, second_mail.message_id)
    await notification.refresh_from_db()
    assert notification.status == NotificationStatus.ROUTED


@pytest.mark.parametrize(
    "second_status", [DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN]
)
async def test_a_notification_with_a_mail_that_may_arrive_is_not_routed_again(second_status: DeliveryStatus) -> None:
    _, notification = await a_firm("een@werken.example", "twee@werken.example")
    first, second = await route_first(notification)
    await set_status(first, DeliveryStatus.FAILED)
    await set_status(second, second_status)
    await route_undelivered(DOMAIN)
    assert await second_routing_of(notification) is None


async def test_failures_are_considered_once() -> None:
    await route_first((await a_firm("een@werken.example", "twee@werken.example"))[1])
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 2
    async with assert_tables_unchanged():
        assert await route_undelivered(DOMAIN) == 0


async def test_a_failed_mail_to_the_contract_is_never_routed_again() -> None:
    contract, notification = await a_firm("een@werken.example")
    await Contract.filter(id=contract.id).update(email="werf@werken.example")
    [mail] = await route_first(notification)
    await set_status(mail, DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 1
    assert await second_routing_of(notification) is None


async def test_there_is_never_a_third_routing() -> None:
    contract, notification = await a_firm("een@werken.example")
    await rows.a_person_with_right(await contract.organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
    await route_first(notification)
    for _ in range(3):
        await Delivery.all().update(status=DeliveryStatus.FAILED)
        await route_undelivered(DOMAIN)
    assert await second_routing_of(notification) == ("ORGANISATION", ["firma@werken.example"])
    assert await Routing.filter(notification_id=notification.id).count() == 2


async def test_an_address_that_failed_is_not_mailed_again() -> None:
    contract, notification = await a_firm("Firma@werken.example", "firma@WERKEN.example")
    organisation = await Organisation.get(id=contract.organisation_id)
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="firma@werken.example")
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
    await route_first(notification)
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_routing_of(notification) == ("ADMINISTRATOR", ["beheer@werken.example"])
    routing = await Routing.get(notification_id=notification.id, position=2)
    assert routing.explanation["skipped"] == [
        {"level": "ORGANISATION", "reason": "ADDRESS_FAILED", "count": 1},
        {"level": "USER", "reason": "NO_MEMBER"},
    ]


async def test_a_second_routing_without_recipients_is_stored_as_suppressed() -> None:
    contract = await rows.a_contract()
    organisation = await Organisation.get(id=contract.organisation_id)
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
    notification = await rows.a_notification(contract)
    [mail] = await route_first(notification)
    await set_status(mail, DeliveryStatus.BOUNCED)
    await route_undelivered(DOMAIN)
    assert await second_routing_of(notification) == (None, [])
    routing = await Routing.get(notification_id=notification.id, position=2)
    assert routing.explanation == {
        "after": {"level": "ADMINISTRATOR", "failed": 0, "bounced": 1},
        "skipped": [],
        "chosen": None,
        "suppressed": "NO_ADDRESS",
    }
    await notification.refresh_from_db()
    assert notification.status == NotificationStatus.ROUTED


async def test_a_second_routing_of_an_ended_contract_is_suppressed() -> None:
    contract, notification = await a_firm("een@werken.example")
    [mail] = await route_first(notification)
    await Contract.filter(id=contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    await set_status(mail, DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_routing_of(notification) == (None, [])


async def test_the_user_who_released_the_action_is_not_a_recipient() -> None:
    contract = await rows.a_contract()
    group = await a_linked_group(contract, levels=DRAFT, email="groep@werken.example")
    releaser = await a_member(group, "vrijgever@werken.example")
    await a_member(group, "collega@werken.example")
    notification = await rows.a_notification(contract, await rows.an_action(contract), released_by_id=releaser.user_id)
    [mail] = await route_first(notification)
    await set_status(mail, DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_routing_of(notification) == ("USER", ["collega@werken.example"])


async def test_a_second_routing_uses_the_current_addresses() -> None:
    contract, notification = await a_firm("een@werken.example")
    [mail] = await route_first(notification)
    await Organisation.filter(id=contract.organisation_id).update(email="nieuw@werken.example")
    await set_status(mail, DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_routing_of(notification) == ("ORGANISATION", ["nieuw@werken.example"])


async def test_a_mail_that_is_retried_by_hand_does_not_count_as_failed() -> None:
    contract, notification = await a_firm("een@werken.example")
    [mail] = await route_first(notification)
    organisation = await Organisation.get(id=contract.organisation_id)
    administrator = Actor(user_id=(await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)
    await set_status(mail, DeliveryStatus.FAILED)
    await retry_delivery(actor=administrator, delivery_id=mail.id)
    assert await route_undelivered(DOMAIN) == 0
    assert await second_routing_of(notification) is None
    await set_status(mail, DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 1
    assert await second_routing_of(notification) is not None


async def test_concurrent_runs_route_each_notification_once() -> None:
    notifications = [(await a_firm("een@werken.example", "twee@werken.example"))[1] for _ in range(5)]
    for notification in notifications:
        await route_first(notification)
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    counts = await asyncio.gather(*(route_undelivered(DOMAIN) for _ in range(4)))
    assert sum(counts) == 10
    assert await Routing.filter(position=2).count() == 5


async def test_concurrent_last_failures_are_both_considered() -> None:
    _, notification = await a_firm("een@werken.example", "twee@werken.example")
    first, second = await route_first(notification)
    slow = await asyncpg.connect(str(settings().database_url))
    async with slow.transaction():
        await slow.execute("update delivery set status = 'FAILED' where id = $1", second.id)
        await set_status(first, DeliveryStatus.FAILED)
        assert await route_undelivered(DOMAIN) == 1
        assert await second_routing_of(notification) is None
    await slow.close()
    assert await route_undelivered(DOMAIN) == 1
    assert await second_routing_of(notification) == ("ORGANISATION", ["firma@werken.example"])


async def test_a_notification_that_cannot_be_routed_is_retried_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.rules.second_routing.BATCH", 1)
    _, unroutable = await a_firm("een@werken.example")
    _, other_notification = await a_firm("een@werken.example")
    [unroutable_mail] = await route_first(unroutable)
    await route_first(other_notification)
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    await execute_as_owner(
        f"alter table routing add constraint never check (notification_id <> {unroutable.id} or position = 1)"
    )
    assert await route_undelivered(DOMAIN) == 1
    assert await second_routing_of(other_notification) is not None
    await unroutable_mail.refresh_from_db()
    assert unroutable_mail.weighed_at is None
    await execute_as_owner("alter table routing drop constraint never")
    assert await route_undelivered(DOMAIN) == 1
    assert await second_routing_of(unroutable) is not None
