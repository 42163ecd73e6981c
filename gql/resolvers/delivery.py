"""Deliveries retried by administrators."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Delivery
from domain.rules import delivery_retry
from gql.reading.ids import key_of

if TYPE_CHECKING:
    from gql.schema.notification import RetryDeliveryInput


async def retry_delivery(actor: Actor, input: "RetryDeliveryInput") -> Delivery:
    """Puts a failed mail back into the outbox."""
    return await delivery_retry.retry_delivery(actor=actor, delivery_id=key_of("Delivery", input.id))
