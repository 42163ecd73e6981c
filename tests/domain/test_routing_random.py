"""Routing of random organisations, compared with the oracle."""

import os

import pytest

from domain.models import Delivery, DeliveryStatus, Notification, NotificationLevel, Role, Routing
from domain.rules.notification_routing import route_notification
from domain.rules.second_routing import route_undelivered
from tests import rows
from tests.domain.routing_oracle import ExpectedRouting, expected_routing, normalised
from tests.domain.routing_world import RandomOrganisation

# These few reach every level, and every step from a failed level to the next; `make chaos` tries many.
SEEDS = range(60) if "CHAOS" in os.environ else (0, 1, 5, 8, 14, 29, 32, 35, 47, 50)

pytestmark = pytest.mark.usefixtures("database")


async def stored_routing(notification: Notification, position: int = 1) -> ExpectedRouting:
    routing = await Routing.get(notification=notification, position=position)
    deliveries = await Delivery.filter(routing=routing)
    addresses = {
        normalised(delivery.address or ""): (delivery.user_id, str(delivery.language)) for delivery in deliveries
    }
    assert len(addresses) == len(deliveries)
    return ExpectedRouting(routing.level, addresses)


async def test_first_and_second_routings_are_those_of_the_oracle() -> None:
    levels: set[str | None] = set()
    transitions: set[tuple[str, str | None]] = set()
    for seed in SEEDS:
        first_routings = []
        for notification in await RandomOrganisation(seed).populate():
            first = await expected_routing(notification)
            await route_notification(notification.id, attempt=0, message_domain="mail.example")
            assert await stored_routing(notification) == first, (seed, notification.trigger)
            levels.add(first.level)
            first_routings.append((notification, first))
        await Delivery.filter(status=DeliveryStatus.PENDING).update(status=DeliveryStatus.FAILED)
        await route_undelivered("mail.example")
        for notification, first in first_routings:
            if first.level in (None, "CONTRACT"):
                assert await Routing.filter(notification=notification).count() == 1
                continue
            second = await expected_routing(notification, first)
            assert await stored_routing(notification, 2) == second, (seed, notification.trigger)
            transitions.add((str(first.level), second.level))
    assert levels == {*NotificationLevel, None}
    assert {
        ("GROUP", "ORGANISATION"),
        ("ORGANISATION", "USER"),
        ("USER", "ADMINISTRATOR"),
        ("ADMINISTRATOR", None),
    } <= transitions


async def test_a_work_relation_with_a_member_of_a_consortium_does_not_count_for_the_consortium() -> None:
    consortium = await rows.an_organisation()
    member = await rows.an_organisation()
    await rows.a_person_with_right(member, Role.ADMINISTRATOR, email="lid@combinatie.example")
    notification = await rows.a_notification(await rows.a_contract(consortium))
    await route_notification(notification.id, attempt=0, message_domain="mail.example")
    assert await stored_routing(notification) == ExpectedRouting(None, {})
