"""Documents: delivered by an authority's system."""

from typing import Any

from domain.actor import Actor
from domain.models import Document
from domain.rules.document import DeliveredAttachment, DeliveredDocument
from domain.rules.document import deliver_document as deliver
from gql.reading.ids import key_of


async def deliver_document(actor: Actor, given: Any) -> Document:
    """Takes in a document on a contract."""
    attachments = [
        DeliveredAttachment(each.filename, each.content_type, each.size, each.sha256)
        for each in given.attachments or ()
    ]
    delivered = DeliveredDocument(given.external_id, given.theme_code, given.title, attachments)
    return await deliver(actor=actor, contract_id=key_of("Contract", given.contract_id), given=delivered)
