"""Documents of the organisation: drafts created, updated, deleted and sent."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Document
from domain.rules import document_sending
from domain.rules import draft as rules
from gql.reading.ids import global_id, key_of
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.document import DeleteDraftInput, DraftDocumentInput, SendDocumentInput, UpdateDocumentInput


async def draft_document(actor: Actor, input: "DraftDocumentInput") -> Document:
    """Creates a draft on a contract."""
    contract_id = key_of("Contract", input.contract_id)
    return await rules.draft_document(
        actor=actor, contract_id=contract_id, theme_code=input.theme_code, title=input.title
    )


async def update_document(actor: Actor, input: "UpdateDocumentInput") -> Document:
    """Changes the title of a draft."""
    return await rules.update_document(
        actor=actor, document_id=key_of("Document", input.id), version=input.version, title=input.title
    )


async def delete_draft(actor: Actor, input: "DeleteDraftInput") -> PayloadFields:
    """Deletes a draft."""
    key, contract = await rules.delete_draft(
        actor=actor, document_id=key_of("Document", input.id), version=input.version
    )
    return PayloadFields({"deleted_document_id": global_id("Document", key), "contract": contract})


async def send_document(actor: Actor, input: "SendDocumentInput") -> Document:
    """Sends a draft to the contracting authority."""
    return await document_sending.send_document(
        actor=actor, document_id=key_of("Document", input.id), version=input.version
    )
