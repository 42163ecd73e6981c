"""Uploads: who may upload the bytes of an attachment, and what their arrival completes (domain section 5)."""

from typing import Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import (
    Attachment,
    AuditAction,
    Contract,
    Document,
    DocumentDirection,
    DocumentLevel,
    DocumentStatus,
    Theme,
)
from domain.predicate import all_of
from domain.refusals import AlreadyUploaded, NotFound
from domain.rules.document import pending_attachments, receive_document
from domain.rules.editable_draft import find_editable_draft
from domain.rules.running_contract import require_running
from domain.rules.saving import save
from domain.rules.theme import require_visible

_DELIVERED: Final = all_of(
    visibility.authority_of,
    "{row}.direction = 'FROM_AUTHORITY' and {row}.deleted_at is null",
)


async def find_pending_upload(*, actor: Actor, attachment_id: int | None) -> Attachment:
    """The attachment whose bytes the actor may upload now.

    Args:
        actor: A USER with DRAFT on the theme of the draft, or the authority that delivers the document.
        attachment_id: The attachment's key.

    Raises:
        NotFound: The actor sees no such attachment, or it was taken away.
        AlreadyUploaded: The bytes are there.
        LevelMissing: The actor may not draw up documents on the theme any more.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: The document can't be changed any more.
    """
    async with actor_transaction(actor) as act:
        attachment, _, _ = await _find_uploadable(act, attachment_id)
        if attachment.arrived_at:
            raise AlreadyUploaded(filename=attachment.filename)
    return attachment


async def complete_upload(*, actor: Actor, attachment_id: int, storage_key: str) -> bool:
    """Makes an object in the store the bytes of an attachment; the last one makes a delivery received, and notifies.

    Args:
        actor: Who uploaded them.
        attachment_id: The attachment's key.
        storage_key: The object that holds them, checked.

    Returns:
        Whether the object is the attachment's; not when another upload of the same bytes was quicker.

    Raises:
        NotFound: The actor sees no such attachment any more, or it was taken away.
        LevelMissing: The actor may not draw up documents on the theme any more.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: The document can't be changed any more.
    """
    async with actor_transaction(actor) as act:
        attachment, document, contract = await _find_uploadable(act, attachment_id)
        if attachment.arrived_at:
            return False
        await save(act, attachment, arrived_at=await act.now(), storage_key=storage_key)
        delivered = document.direction is DocumentDirection.FROM_AUTHORITY
        # What an authority announces is its own affair until all of it is there.
        organisation_id = contract.contracting_authority_id if delivered else contract.organisation_id
        after = {"filename": attachment.filename, "size": attachment.size, "document": document.title}
        await act.record(AuditAction.ATTACHMENT_ARRIVED, attachment, organisation_id, after=after)
        if delivered and not await pending_attachments(act, document):
            await receive_document(act, document, contract)
    return True


async def _find_uploadable(act: ActorTransaction, attachment_id: int | None) -> tuple[Attachment, Document, Contract]:
    """The attachment, and its document, locked, to which the actor may still upload files."""
    attachment = await _find_attachment(act, attachment_id)
    if act.actor.authority_id is None:
        document, contract = await find_editable_draft(act, attachment.document_id, DocumentLevel.DRAFT)
    else:
        document, contract = await _find_delivery(act, attachment.document_id)
    # Read again under the document's lock.
    return await _find_attachment(act, attachment.id), document, contract


async def _find_attachment(act: ActorTransaction, attachment_id: int | None) -> Attachment:
    """The attachment with a key, whoever sees it.

    Raises:
        NotFound: There is none, or it was removed.
    """
    attachment = await Attachment.filter(id=attachment_id or 0, removed_at=None).using_db(act.database).first()
    if attachment is None:
        raise NotFound
    return attachment


async def _find_delivery(act: ActorTransaction, document_id: int) -> tuple[Document, Contract]:
    document = await act.find(Document, document_id, _DELIVERED)
    contract = await Contract.get(id=document.contract_id, using_db=act.database)
    if document.status is DocumentStatus.EXPECTED:
        require_running(contract)
        await require_visible(act, await Theme.get(id=document.theme_id, using_db=act.database))
    return document, contract
