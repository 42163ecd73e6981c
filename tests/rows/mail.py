"""The outbox: notifications, routings and deliveries."""

from typing import Any

from domain.models import (
    Action,
    Contract,
    Delivery,
    DeliveryStatus,
    Document,
    Letter,
    LetterKind,
    Message,
    Notification,
    NotificationLevel,
    NotificationStatus,
    NotificationTrigger,
    Routing,
    WorkRelation,
)
from tests.rows.contracts import a_contract
from tests.rows.unique import a_serial, now
from tests.rows.work_relations import a_work_relation


async def a_notification(
    contract: Contract | None = None, about: Document | Message | Action | None = None, **columns: Any
) -> Notification:
    """A pending notification; `about` determines the trigger, which is CONTRACT_AVAILABLE without it."""
    contract = contract or await a_contract()
    defaults: dict[str, Any] = {"organisation_id": contract.organisation_id}
    match about:
        case None:
            defaults["trigger"] = NotificationTrigger.CONTRACT_AVAILABLE
        case Document():
            defaults |= {"trigger": NotificationTrigger.DOCUMENT_RECEIVED, "document": about}
        case Message():
            defaults |= {"trigger": NotificationTrigger.MESSAGE_RECEIVED, "message": about}
        case Action():
            defaults |= {"trigger": NotificationTrigger.ACTION_RELEASED, "action": about}
    return await Notification.create(contract=contract, **defaults | columns)


async def a_routing(notification: Notification | None = None, **columns: Any) -> Routing:
    """A first routing to the organisation's own address."""
    notification = notification or await a_notification(status=NotificationStatus.ROUTED)
    defaults = {"level": NotificationLevel.ORGANISATION, "explanation": {}}
    return await Routing.create(notification=notification, **defaults | columns)


async def a_letter(work_relation: WorkRelation | None = None, **columns: Any) -> Letter:
    """A letter to the former address of a work relation."""
    work_relation = work_relation or await a_work_relation()
    defaults: dict[str, Any] = {"kind": LetterKind.ADDRESS_CHANGED, "organisation_id": work_relation.organisation_id}
    return await Letter.create(work_relation=work_relation, **defaults | columns)


async def a_delivery(
    routing: Routing | None = None, address: str | None = None, *, letter: Letter | None = None, **columns: Any
) -> Delivery:
    """A pending delivery of a routing or letter; with `status` SENT, sent just now."""
    number = a_serial()
    defaults: dict[str, Any] = {
        "message_id": f"<{number}@e-contracting.example>",
        "address": address or f"adres-{number}@aannemer.example",
    }
    if letter:
        defaults |= {"letter": letter, "organisation_id": letter.organisation_id}
    else:
        routing = routing or await a_routing()
        notification = await Notification.get(id=routing.notification_id)
        defaults |= {"routing": routing, "organisation_id": notification.organisation_id}
    if columns.get("status") == DeliveryStatus.SENT:
        defaults |= {"sent_at": await now(), "attempts": 1}
    return await Delivery.create(**defaults | columns)
