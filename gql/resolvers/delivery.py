"""Mails: tried again."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Delivery
from domain.rules.delivery_retry import retry_delivery as retry
from gql.reading.ids import key_of

if TYPE_CHECKING:
    from gql.schema.notification import RetryDeliveryInput


async def retry_delivery(actor: Actor, input: "RetryDeliveryInput") -> Delivery:
    """Puts a mail that failed back into the outbox."""
    return await retry(actor=actor, delivery_id=key_of("Delivery", input.id))
