"""Uploads of attachments: who may upload the bytes, and what their arrival completes (domain section 5)."""

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
        NotFound: The actor sees no such attachment, or it was removed.
        AlreadyUploaded: The bytes have arrived.
        LevelMissing: The actor may not draw up documents on the theme any more.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: The document can't be changed any more.
    """
    async with actor_transaction(actor) as act:
        attachment, _, _ = await _find_uploadable(act, attachment_id)
        if attachment.arrived_at:
            raise AlreadyUploaded(filename=attachment.filename)
    return attachment


async def complete_upload(*, actor: Actor, attachment_id: int, storage_key: str) -> bool:
    """Makes an attachment refer to the object with its bytes; with the last attachment, a delivery is received.

    Args:
        actor: The actor who uploaded the bytes.
        attachment_id: The attachment's key.
        storage_key: The key of the object, whose bytes were verified.

    Returns:
        Whether the attachment refers to this object; False if another upload was completed first.

    Raises:
        NotFound: The actor no longer sees the attachment, or it was removed.
        LevelMissing: The actor may not draw up documents on the theme any more.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: The document can't be changed any more.
    """
    async with actor_transaction(actor) as act:
        attachment, document, contract = await _find_uploadable(act, attachment_id)
        if attachment.arrived_at:
            return False
        await save(act, attachment, arrived_at=await act.now(), storage_key=storage_key)
        delivered = document.direction is DocumentDirection.FROM_AUTHORITY
        # In the authority's log: the organisation doesn't see the document until it is complete.
        organisation_id = contract.contracting_authority_id if delivered else contract.organisation_id
        after = {"filename": attachment.filename, "size": attachment.size, "document": document.title}
        await act.record(AuditAction.ATTACHMENT_ARRIVED, attachment, organisation_id, after=after)
        if delivered and not await pending_attachments(act, document):
            await receive_document(act, document, contract)
    return True


async def _find_uploadable(act: ActorTransaction, attachment_id: int | None) -> tuple[Attachment, Document, Contract]:
    """The attachment, its document, locked, to which the actor may still upload files, and the contract."""
    attachment = await _find_attachment(act, attachment_id)
    if act.actor.authority_id is None:
        document, contract = await find_editable_draft(act, attachment.document_id, DocumentLevel.DRAFT)
    else:
        document, contract = await _find_delivery(act, attachment.document_id)
    # Read again under the document's lock.
    return await _find_attachment(act, attachment.id), document, contract


async def _find_attachment(act: ActorTransaction, attachment_id: int | None) -> Attachment:
    """The attachment with a key, without regard to the actor.

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
