"""Documents: delivered by an authority's system."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.rules.document import DeliveredDocument
from domain.rules.document import deliver_document as deliver
from gql.reading.ids import key_of
from gql.resolvers.attachment import announced, upload
from gql.roots import Outcome

if TYPE_CHECKING:
    from gql.schema.document import DeliverDocumentInput


async def deliver_document(actor: Actor, input: "DeliverDocumentInput") -> Outcome:
    """Takes in a document on a contract."""
    files = [announced(each) for each in input.attachments or ()]
    delivered = DeliveredDocument(input.external_id, input.theme_code, input.title, files)
    contract_id = key_of("Contract", input.contract_id)
    document, waiting = await deliver(actor=actor, contract_id=contract_id, given=delivered)
    return Outcome({"document": document, "uploads": [upload(actor, attachment) for attachment in waiting]})
