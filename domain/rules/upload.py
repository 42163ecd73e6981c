"""Bytes that arrive: who may bring them, and what their arrival completes (domain section 5)."""

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
from domain.rules.authority import require_running
from domain.rules.changeable_draft import changeable_draft
from domain.rules.document import receive_document, waiting_files
from domain.rules.saving import save
from domain.rules.themes import require_visible

_DELIVERED: Final = all_of(
    visibility.authority_of,
    "{row}.direction = 'FROM_AUTHORITY' and {row}.deleted_at is null",
)


async def awaited_upload(*, actor: Actor, attachment_id: int | None) -> Attachment:
    """The attachment whose bytes the actor may bring now.

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
        attachment, _, _ = await _find(act, attachment_id)
        if attachment.arrived_at:
            raise AlreadyUploaded(filename=attachment.filename)
    return attachment


async def keep_upload(*, actor: Actor, attachment_id: int, storage_key: str) -> bool:
    """Takes bytes that lie in the store for those of an attachment; with the last, a delivery is received and mailed.

    Args:
        actor: Who brought them.
        attachment_id: The attachment's key.
        storage_key: The object that holds them, checked.

    Returns:
        Whether they are kept; not when another upload of the same bytes was quicker.

    Raises:
        NotFound: The actor sees no such attachment any more, or it was taken away.
        LevelMissing: The actor may not draw up documents on the theme any more.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: The document can't be changed any more.
    """
    async with actor_transaction(actor) as act:
        attachment, document, contract = await _find(act, attachment_id)
        if attachment.arrived_at:
            return False
        await save(act, attachment, arrived_at=await act.now(), storage_key=storage_key)
        delivered = document.direction is DocumentDirection.FROM_AUTHORITY
        # What an authority announces is its own affair until all of it is there.
        organisation_id = contract.contracting_authority_id if delivered else contract.organisation_id
        after = {"filename": attachment.filename, "size": attachment.size, "document": document.title}
        await act.record(AuditAction.ATTACHMENT_ARRIVED, attachment, organisation_id, after=after)
        if delivered and not await waiting_files(act, document):
            await receive_document(act, document, contract)
    return True


async def _find(act: ActorTransaction, attachment_id: int | None) -> tuple[Attachment, Document, Contract]:
    """The attachment, and its document, locked, to which the actor may still bring files."""
    known = await _standing(act, attachment_id)
    if act.actor.authority_id is None:
        document, contract = await changeable_draft(act, known.document_id, DocumentLevel.DRAFT)
    else:
        document, contract = await _delivery(act, known.document_id)
    # Read again under the document's lock.
    return await _standing(act, known.id), document, contract


async def _standing(act: ActorTransaction, attachment_id: int | None) -> Attachment:
    """The attachment with a key, whoever sees it.

    Raises:
        NotFound: There is none, or it was taken away.
    """
    known = Attachment.filter(id=attachment_id or 0, removed_at=None).using_db(act.database)
    attachment = await known.first()
    if attachment is None:
        raise NotFound
    return attachment


async def _delivery(act: ActorTransaction, document_id: int) -> tuple[Document, Contract]:
    document = await act.find(Document, document_id, _DELIVERED)
    contract = await Contract.get(id=document.contract_id, using_db=act.database)
    if document.status is DocumentStatus.EXPECTED:
        require_running(contract)
        await require_visible(act, await Theme.get(id=document.theme_id, using_db=act.database))
    return document, contract
