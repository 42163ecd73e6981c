"""A routing is decided once, and stored with its deliveries."""

import pytest

from domain.models import Contract, Delivery, Language, Notification, NotificationStatus, Routing
from domain.rules.notification_routing import route_notification
from tests import rows
from tests.domain.routing_cases import (
    a_linked_group,
    a_member,
    a_received_document,
    addresses,
    routed,
)

pytestmark = pytest.mark.usefixtures("database")


class TestAddresses:
    async def test_an_address_of_several_groups_gets_one_mail(self) -> None:
        contract = await rows.a_contract()
        first = await a_linked_group(contract, email="Post@werken.example")
        second = await a_linked_group(contract, email="Post@WERKEN.example")
        await a_linked_group(contract, email="post@werken.example")
        decision = await routed(await a_received_document(contract))
        assert addresses(decision) == ["Post@werken.example", "post@werken.example"]
        assert decision.explanation["chosen"]["ways"][0] == {"groups": [first.id, second.id]}

    async def test_a_mail_to_an_address_shared_by_two_people_is_addressed_to_neither(self) -> None:
        contract = await rows.a_contract()
        group = await a_linked_group(contract)
        await a_member(group, "balie@werken.example", language="FR")
        await a_member(group, "balie@werken.example", language="DE")
        [recipient] = (await routed(await a_received_document(contract))).recipients
        assert (recipient.user_id, recipient.language) == (None, Language.NL)


class TestFreezing:
    async def test_a_decision_is_stored_with_its_delivery(self) -> None:
        contract = await rows.a_contract(email="werf@werken.example")
        notification = await a_received_document(contract)
        decision = await routed(notification)
        await notification.refresh_from_db()
        assert (notification.status, notification.leased_until) == (NotificationStatus.ROUTED, None)
        routing = await Routing.get(notification=notification)
        assert (routing.level, routing.explanation, routing.position) == ("CONTRACT", decision.explanation, 1)
        delivery = await Delivery.get(routing=routing)
        assert (delivery.address, delivery.status, delivery.attempts) == ("werf@werken.example", "PENDING", 0)
        assert delivery.organisation_id == contract.organisation_id
        assert delivery.message_id.endswith("@mail.example>")
        assert "werf" not in delivery.message_id

    async def test_a_notification_is_not_routed_again(self) -> None:
        contract = await rows.a_contract(email="werf@werken.example")
        notification = await a_received_document(contract)
        await routed(notification)
        assert await route_notification(notification.id, attempt=0, message_domain="mail.example") is None
        assert await Delivery.all().count() == 1

    async def test_a_worker_whose_claim_was_taken_over_routes_nothing(self) -> None:
        notification = await a_received_document(await rows.a_contract(email="werf@werken.example"))
        await Notification.filter(id=notification.id).update(attempt=2)
        assert await route_notification(notification.id, attempt=1, message_domain="mail.example") is None
        assert await Routing.all().count() == 0

    async def test_later_changes_of_addresses_do_not_change_the_delivery(self) -> None:
        contract = await rows.a_contract(email="werf@werken.example")
        await routed(await a_received_document(contract))
        await Contract.filter(id=contract.id).update(email="nieuw@werken.example")
        assert (await Delivery.get()).address == "werf@werken.example"
