"""A notification of which no mail could be delivered is routed once more, from the next level on (domain section 6)."""

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


async def routed(notification: Notification) -> list[Delivery]:
    """Its first mails, in order."""
    await route_notification(notification.id, attempt=0, message_domain=DOMAIN)
    return await Delivery.filter(routing__notification_id=notification.id).order_by("id")


async def becomes(delivery: Delivery, status: DeliveryStatus) -> None:
    sent = {"sent_at": await rows.now()} if status is DeliveryStatus.SENT else {}
    await Delivery.filter(id=delivery.id).update(status=status, **sent)


async def second_of(notification: Notification) -> tuple[str | None, list[str | None]] | None:
    """The level and the addresses of the second routing, if there is one."""
    routing = await Routing.get_or_none(notification_id=notification.id, position=2)
    if routing is None:
        return None
    deliveries = await Delivery.filter(routing_id=routing.id).order_by("id")
    return routing.level, [each.address for each in deliveries]


async def a_firm(*emails: str) -> tuple[Contract, Notification]:
    """A received document; groups with these addresses are linked, and the organisation has one."""
    contract = await rows.a_contract(await rows.an_organisation(email="firma@werken.example"))
    for email in emails:
        await a_linked_group(contract, email=email)
    return contract, await a_received_document(contract)


@pytest.mark.parametrize("last", [DeliveryStatus.FAILED, DeliveryStatus.BOUNCED])
async def test_when_the_last_mail_failed_or_bounced_it_goes_to_the_next_level(last: DeliveryStatus) -> None:
    _, notification = await a_firm("een@werken.example", "twee@werken.example")
    one, two = await routed(notification)
    await becomes(one, DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 1
    assert await second_of(notification) is None

    await becomes(two, last)
    assert await route_undelivered(DOMAIN) == 1

    first, second = await Routing.filter(notification_id=notification.id).order_by("position")
    assert (second.level, second.follows_id, second.position) == ("ORGANISATION", first.id, 2)
    bounced = int(last is DeliveryStatus.BOUNCED)
    assert second.explanation == {
        "after": {"level": "GROUP", "failed": 2 - bounced, "bounced": bounced},
        "skipped": [],
        "chosen": {"level": "ORGANISATION", "addresses": 1, "ways": [{}]},
    }
    mail = await Delivery.get(routing_id=second.id)
    assert (mail.address, mail.status, mail.attempts) == ("firma@werken.example", DeliveryStatus.PENDING, 0)
    assert mail.message_id not in (one.message_id, two.message_id)
    await notification.refresh_from_db()
    assert notification.status == NotificationStatus.ROUTED


@pytest.mark.parametrize(
    "other", [DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN]
)
async def test_one_mail_that_may_arrive_is_enough(other: DeliveryStatus) -> None:
    _, notification = await a_firm("een@werken.example", "twee@werken.example")
    one, two = await routed(notification)
    await becomes(one, DeliveryStatus.FAILED)
    await becomes(two, other)
    await route_undelivered(DOMAIN)
    assert await second_of(notification) is None


async def test_what_was_weighed_is_not_weighed_again() -> None:
    await routed((await a_firm("een@werken.example", "twee@werken.example"))[1])
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 2
    async with assert_tables_unchanged():
        assert await route_undelivered(DOMAIN) == 0


async def test_never_from_the_contract_which_is_exclusive() -> None:
    contract, notification = await a_firm("een@werken.example")
    await Contract.filter(id=contract.id).update(email="werf@werken.example")
    [mail] = await routed(notification)
    await becomes(mail, DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 1
    assert await second_of(notification) is None


async def test_never_a_third() -> None:
    contract, notification = await a_firm("een@werken.example")
    await rows.a_person_with_right(await contract.organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
    await routed(notification)
    for _ in range(3):
        await Delivery.all().update(status=DeliveryStatus.FAILED)
        await route_undelivered(DOMAIN)
    assert await second_of(notification) == ("ORGANISATION", ["firma@werken.example"])
    assert await Routing.filter(notification_id=notification.id).count() == 2


async def test_an_address_that_failed_is_not_mailed_again() -> None:
    contract, notification = await a_firm("Firma@werken.example", "firma@WERKEN.example")
    organisation = await Organisation.get(id=contract.organisation_id)
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="firma@werken.example")
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
    await routed(notification)
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_of(notification) == ("ADMINISTRATOR", ["beheer@werken.example"])
    routing = await Routing.get(notification_id=notification.id, position=2)
    assert routing.explanation["skipped"] == [
        {"level": "ORGANISATION", "reason": "ADDRESS_FAILED", "count": 1},
        {"level": "USER", "reason": "NO_MEMBER"},
    ]


async def test_when_nobody_is_left_that_is_kept_and_the_event_stays_routed() -> None:
    contract = await rows.a_contract()
    organisation = await Organisation.get(id=contract.organisation_id)
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
    notification = await rows.a_notification(contract)
    [mail] = await routed(notification)
    await becomes(mail, DeliveryStatus.BOUNCED)
    await route_undelivered(DOMAIN)
    assert await second_of(notification) == (None, [])
    routing = await Routing.get(notification_id=notification.id, position=2)
    assert routing.explanation == {
        "after": {"level": "ADMINISTRATOR", "failed": 0, "bounced": 1},
        "skipped": [],
        "chosen": None,
        "suppressed": "NO_ADDRESS",
    }
    await notification.refresh_from_db()
    assert notification.status == NotificationStatus.ROUTED


async def test_an_ended_contract_is_not_mailed_about_any_more() -> None:
    contract, notification = await a_firm("een@werken.example")
    [mail] = await routed(notification)
    await Contract.filter(id=contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    await becomes(mail, DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_of(notification) == (None, [])


async def test_who_released_the_action_stays_out_of_it() -> None:
    contract = await rows.a_contract()
    group = await a_linked_group(contract, levels=DRAFT, email="groep@werken.example")
    releaser = await a_member(group, "vrijgever@werken.example")
    await a_member(group, "collega@werken.example")
    notification = await rows.a_notification(contract, await rows.an_action(contract), released_by_id=releaser.user_id)
    [mail] = await routed(notification)
    await becomes(mail, DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_of(notification) == ("USER", ["collega@werken.example"])


async def test_addresses_are_those_of_the_moment_of_the_second_routing() -> None:
    contract, notification = await a_firm("een@werken.example")
    [mail] = await routed(notification)
    await Organisation.filter(id=contract.organisation_id).update(email="nieuw@werken.example")
    await becomes(mail, DeliveryStatus.FAILED)
    await route_undelivered(DOMAIN)
    assert await second_of(notification) == ("ORGANISATION", ["nieuw@werken.example"])


async def test_a_mail_that_is_tried_again_by_hand_has_not_failed() -> None:
    contract, notification = await a_firm("een@werken.example")
    [mail] = await routed(notification)
    organisation = await Organisation.get(id=contract.organisation_id)
    administrator = Actor(user_id=(await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)
    await becomes(mail, DeliveryStatus.FAILED)
    await retry_delivery(actor=administrator, delivery_id=mail.id)
    assert await route_undelivered(DOMAIN) == 0
    assert await second_of(notification) is None
    await becomes(mail, DeliveryStatus.FAILED)
    assert await route_undelivered(DOMAIN) == 1
    assert await second_of(notification) is not None


async def test_many_weigh_at_once_and_it_is_routed_once() -> None:
    notifications = [(await a_firm("een@werken.example", "twee@werken.example"))[1] for _ in range(5)]
    for notification in notifications:
        await routed(notification)
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    weighed = await asyncio.gather(*(route_undelivered(DOMAIN) for _ in range(4)))
    assert sum(weighed) == 10
    assert await Routing.filter(position=2).count() == 5


async def test_two_last_failures_at_the_same_time_are_both_seen() -> None:
    _, notification = await a_firm("een@werken.example", "twee@werken.example")
    one, two = await routed(notification)
    slow = await asyncpg.connect(str(settings().database_url))
    async with slow.transaction():
        await slow.execute("update delivery set status = 'FAILED' where id = $1", two.id)
        await becomes(one, DeliveryStatus.FAILED)
        assert await route_undelivered(DOMAIN) == 1
        assert await second_of(notification) is None
    await slow.close()
    assert await route_undelivered(DOMAIN) == 1
    assert await second_of(notification) == ("ORGANISATION", ["firma@werken.example"])


async def test_one_that_cannot_be_routed_holds_up_no_other_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.rules.second_routing.BATCH", 1)
    _, poisoned = await a_firm("een@werken.example")
    _, other = await a_firm("een@werken.example")
    [bad] = await routed(poisoned)
    await routed(other)
    await Delivery.all().update(status=DeliveryStatus.FAILED)
    await execute_as_owner(
        f"alter table routing add constraint never check (notification_id <> {poisoned.id} or position = 1)"
    )
    assert await route_undelivered(DOMAIN) == 1
    assert await second_of(other) is not None
    await bad.refresh_from_db()
    assert bad.weighed_at is None
    await execute_as_owner("alter table routing drop constraint never")
    assert await route_undelivered(DOMAIN) == 1
    assert await second_of(poisoned) is not None
