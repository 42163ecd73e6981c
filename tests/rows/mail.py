"""The outbox: notifications, routings and deliveries."""

from typing import Any

from domain.models import (
    Action,
    Contract,
    Delivery,
    DeliveryStatus,
    Document,
    Message,
    Notification,
    NotificationLevel,
    NotificationStatus,
    NotificationTrigger,
    Routing,
)
from tests.rows.contracts import a_contract
from tests.rows.unique import a_serial, now


async def a_notification(
    contract: Contract | None = None, about: Document | Message | Action | None = None, **columns: Any
) -> Notification:
    """A pending notification; what it is about gives the trigger: a contract that became available when nothing."""
    contract = contract or await a_contract()
    given: dict[str, Any] = {"organisation_id": contract.organisation_id}
    match about:
        case None:
            given["trigger"] = NotificationTrigger.CONTRACT_AVAILABLE
        case Document():
            given |= {"trigger": NotificationTrigger.DOCUMENT_RECEIVED, "document": about}
        case Message():
            given |= {"trigger": NotificationTrigger.MESSAGE_RECEIVED, "message": about}
        case Action():
            given |= {"trigger": NotificationTrigger.ACTION_RELEASED, "action": about}
    return await Notification.create(contract=contract, **given | columns)


async def a_routing(notification: Notification | None = None, **columns: Any) -> Routing:
    """A first routing to the organisation's own address."""
    notification = notification or await a_notification(status=NotificationStatus.ROUTED)
    given = {"level": NotificationLevel.ORGANISATION, "explanation": {}}
    return await Routing.create(notification=notification, **given | columns)


async def a_delivery(routing: Routing | None = None, address: str | None = None, **columns: Any) -> Delivery:
    """A mail that waits, or with a `status` of SENT one that was sent now."""
    routing = routing or await a_routing()
    notification = await Notification.get(id=routing.notification_id)
    number = a_serial()
    given: dict[str, Any] = {
        "message_id": f"<{number}@e-contracting.example>",
        "organisation_id": notification.organisation_id,
        "address": address or f"adres-{number}@aannemer.example",
    }
    if columns.get("status") == DeliveryStatus.SENT:
        given |= {"sent_at": await now(), "attempts": 1}
    return await Delivery.create(routing=routing, **given | columns)
