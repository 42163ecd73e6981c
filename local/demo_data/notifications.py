"""The notifications: routed by the real rule and already delivered, so that none is mailed when the demo starts."""

from datetime import timedelta
from typing import Final

from domain.models import Delivery, DeliveryStatus, Notification, Routing
from domain.rules.notification_routing import route_notification
from local.demo_data.demo_rows import DemoRows, MailedEvent
from settings import settings

_ROUTED_AFTER: Final = timedelta(milliseconds=180)
_SENT_AFTER: Final = timedelta(milliseconds=640)
_REFUSED_MAIL: Final = ("AWV/0340", "projectadministratie@scheldeland.example")
"""The contract and the address of the one mail that its mail server refused permanently."""


async def load_notifications(demo: DemoRows) -> None:
    """Creates a notification for each event, the oldest first, with its routing and deliveries."""
    for event in sorted(demo.mailed_events, key=lambda event: event.occurred_at):
        await _load_notification(event)
    await _fail_refused_mail(demo)


async def _load_notification(event: MailedEvent) -> None:
    notification = await Notification.create(
        trigger=event.trigger,
        organisation_id=event.contract.organisation_id,
        contract=event.contract,
        occurred_at=event.occurred_at,
        due_at=event.occurred_at,
        **event.columns,  # type: ignore[arg-type]  # columns by name
    )
    domain = settings().mail_from_address.rpartition("@")[2]
    if not await route_notification(notification.id, attempt=0, message_domain=domain):
        raise RuntimeError("A notification of the demo data would be mailed at the start.")
    decided_at, sent_at = event.occurred_at + _ROUTED_AFTER, event.occurred_at + _SENT_AFTER
    await Notification.filter(id=notification.id).update(attempt=1)
    await Routing.filter(notification=notification).update(decided_at=decided_at)
    await Delivery.filter(routing__notification=notification).update(
        status=DeliveryStatus.SENT, attempts=1, dated_at=decided_at, due_at=decided_at, sent_at=sent_at
    )


async def _fail_refused_mail(demo: DemoRows) -> None:
    key, address = _REFUSED_MAIL
    await Delivery.filter(routing__notification__contract=demo.contracts[key], address=address).update(
        status=DeliveryStatus.FAILED, sent_at=None, last_error="550 5.1.1 Mailbox unavailable"
    )
