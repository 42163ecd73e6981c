"""Messages delivered by an authority's system."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Message
from domain.rules import message as rules
from gql.reading.ids import key_of, row_key_of

if TYPE_CHECKING:
    from gql.schema.message import DeliverMessageInput


async def deliver_message(actor: Actor, input: "DeliverMessageInput") -> Message:
    """Accepts a message on a contract."""
    document_id = None if input.document_id is None else row_key_of("Document", input.document_id)
    return await rules.deliver_message(
        actor=actor,
        contract_id=key_of("Contract", input.contract_id),
        delivered=rules.DeliveredMessage(input.external_id, document_id, input.subject, input.body),
    )
