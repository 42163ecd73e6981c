"""The notifications of what happened: routed by the real rule and delivered long ago, so that none is mailed now."""

from datetime import timedelta
from typing import Final

from domain.models import Delivery, DeliveryStatus, Notification, Routing
from domain.rules.notification_routing import route_notification
from local.demo_data.loaded import Happening, Loaded
from settings import settings

_ROUTED_AFTER: Final = timedelta(milliseconds=180)
_SENT_AFTER: Final = timedelta(milliseconds=640)
_REFUSED: Final = ("AWV/0340", "projectadministratie@scheldeland.example")
"""The contract and the address of the one mail that the other side refused for good."""


async def load_notifications(loaded: Loaded) -> None:
    """Makes a notification for each event, the oldest first, with its routing and deliveries."""
    for happening in sorted(loaded.happenings, key=lambda happening: happening.occurred):
        await _notify(happening)
    await _refuse(loaded)


async def _notify(happening: Happening) -> None:
    notification = await Notification.create(
        trigger=happening.trigger,
        organisation_id=happening.contract.organisation_id,
        contract=happening.contract,
        occurred_at=happening.occurred,
        due_at=happening.occurred,
        **happening.columns,  # type: ignore[arg-type]  # columns by name
    )
    domain = settings().mail_from_address.rpartition("@")[2]
    if not await route_notification(notification.id, attempt=0, message_domain=domain):
        raise RuntimeError("A notification of the demo data would be mailed at the start.")
    decided, sent = happening.occurred + _ROUTED_AFTER, happening.occurred + _SENT_AFTER
    await Notification.filter(id=notification.id).update(attempt=1)
    await Routing.filter(notification=notification).update(decided_at=decided)
    await Delivery.filter(routing__notification=notification).update(
        status=DeliveryStatus.SENT, attempts=1, dated_at=decided, due_at=decided, sent_at=sent
    )


async def _refuse(loaded: Loaded) -> None:
    key, address = _REFUSED
    await Delivery.filter(routing__notification__contract=loaded.contracts[key], address=address).update(
        status=DeliveryStatus.FAILED, sent_at=None, last_error="550 5.1.1 Mailbox unavailable"
    )
