"""A mail that failed, tried again by hand."""

from typing import Final

from domain import visibility
from domain.acting import acting
from domain.actor import Actor
from domain.clock import MOMENT
from domain.models import Delivery, DeliveryStatus, Routing
from domain.refusals import DeliveryNotFailed, Forbidden

RETRIED: Final = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.UNCERTAIN)


async def retry_delivery(*, actor: Actor, delivery_id: int | None) -> Delivery:
    """Puts a mail that failed back into the outbox, with the whole retry schedule before it.

    Args:
        actor: An ADMINISTRATOR of the organisation.
        delivery_id: The delivery's key.

    Raises:
        NotFound: The actor sees no such delivery.
        Forbidden: The address has been erased since.
        DeliveryNotFailed: It has not failed.
    """
    async with acting(actor) as act:
        delivery = await act.find(Delivery, delivery_id, visibility.delivery, "id")
        if delivery.status not in RETRIED:
            raise DeliveryNotFailed("id", status=delivery.status)
        if delivery.address is None:
            raise Forbidden("id")
        before = {"status": delivery.status}
        again = Delivery.filter(id=delivery.id).using_db(act.database)
        # The number of tries stays: it is the fence of the lease.
        await again.update(
            status=DeliveryStatus.PENDING, failures=0, losses=0, due_at=MOMENT, leased_until=None, weighed_at=None
        )
        await delivery.refresh_from_db(using_db=act.database)
        await act.record("DELIVERY_RETRIED", delivery, delivery.organisation_id, before=before)
        routing = await Routing.get(id=delivery.routing_id, using_db=act.database)
        act.notified.append(routing.notification_id)
    return delivery
