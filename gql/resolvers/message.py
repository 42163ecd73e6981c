"""Messages: delivered by an authority's system."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Message
from domain.rules.message import DeliveredMessage
from domain.rules.message import deliver_message as deliver
from gql.reading.ids import key_of, row_key_of

if TYPE_CHECKING:
    from gql.schema.message import DeliverMessageInput


async def deliver_message(actor: Actor, given: "DeliverMessageInput") -> Message:
    """Takes in a message."""
    document_id = None if given.document_id is None else row_key_of("Document", given.document_id)
    return await deliver(
        actor=actor,
        contract_id=key_of("Contract", given.contract_id),
        given=DeliveredMessage(given.external_id, document_id, given.subject, given.body),
    )
