"""The routing against the naive reading beside this file, on random organisations in a real database."""

import os

import pytest

from domain.models import Delivery, DeliveryStatus, Notification, NotificationLevel, Role, Routing
from domain.rules.notification_routing import route_notification
from domain.rules.second_routing import route_undelivered
from tests import rows
from tests.domain.routing_oracle import Answer, naive_routing, spelled
from tests.domain.routing_world import World

# These few show every level, and every step from one to the next; `make chaos` looks at many.
SEEDS = range(60) if "CHAOS" in os.environ else (0, 1, 5, 8, 14, 29, 32, 35, 47, 50)

pytestmark = pytest.mark.usefixtures("database")


async def frozen(notification: Notification, position: int = 1) -> Answer:
    routing = await Routing.get(notification=notification, position=position)
    deliveries = await Delivery.filter(routing=routing)
    addresses = {spelled(each.address or ""): (each.user_id, str(each.language)) for each in deliveries}
    assert len(addresses) == len(deliveries)
    return Answer(routing.level, addresses)


async def test_every_routing_is_what_the_manual_says_and_the_second_one_below_the_level_that_failed() -> None:
    levels: set[str | None] = set()
    ways: set[tuple[str, str | None]] = set()
    for seed in SEEDS:
        firsts = []
        for notification in await World(seed).populate():
            first = await naive_routing(notification)
            await route_notification(notification.id, attempt=0, message_domain="mail.example")
            assert await frozen(notification) == first, (seed, notification.trigger)
            levels.add(first.level)
            firsts.append((notification, first))
        await Delivery.filter(status=DeliveryStatus.PENDING).update(status=DeliveryStatus.FAILED)
        await route_undelivered("mail.example")
        for notification, first in firsts:
            if first.level in (None, "CONTRACT"):
                assert await Routing.filter(notification=notification).count() == 1
                continue
            second = await naive_routing(notification, first)
            assert await frozen(notification, 2) == second, (seed, notification.trigger)
            ways.add((str(first.level), second.level))
    assert levels == {*NotificationLevel, None}
    assert {
        ("GROUP", "ORGANISATION"),
        ("ORGANISATION", "USER"),
        ("USER", "ADMINISTRATOR"),
        ("ADMINISTRATOR", None),
    } <= ways


async def test_a_work_relation_counts_by_its_organisation_only() -> None:
    consortium = await rows.an_organisation()
    member = await rows.an_organisation()
    await rows.a_person_with_right(member, Role.ADMINISTRATOR, email="lid@combinatie.example")
    notification = await rows.a_notification(await rows.a_contract(consortium))
    await route_notification(notification.id, attempt=0, message_domain="mail.example")
    assert await frozen(notification) == Answer(None, {})
