"""Documents delivered by an authority's system."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.rules import document as rules
from gql.reading.ids import key_of
from gql.resolvers.attachment import announced_file, upload
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.document import DeliverDocumentInput


async def deliver_document(actor: Actor, input: "DeliverDocumentInput") -> PayloadFields:
    """Accepts a document on a contract."""
    files = [announced_file(each) for each in input.attachments or ()]
    document, pending = await rules.deliver_document(
        actor=actor,
        contract_id=key_of("Contract", input.contract_id),
        delivered=rules.DeliveredDocument(input.external_id, input.theme_code, input.title, files),
    )
    return PayloadFields({"document": document, "uploads": [upload(actor, attachment) for attachment in pending]})
