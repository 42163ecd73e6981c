"""The files of a draft: announced and removed (domain section 5)."""

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import Attachment, AuditAction, Document, DocumentLevel
from domain.refusals import FilenameTaken, Findings, NotFound, TooManyAttachments
from domain.rules.announced_file import AnnouncedFile, check_file, create_attachments, same_filename
from domain.rules.attachment_removal import remove_attachments
from domain.rules.editable_draft import find_editable_draft, find_unsent_draft
from domain.rules.saving import save
from domain.where import Where
from settings import settings


async def request_upload(*, actor: Actor, document_id: int | None, file: AnnouncedFile) -> Attachment:
    """Announces a file of a draft, whose bytes are then uploaded.

    Args:
        actor: A USER with DRAFT on its theme.
        document_id: The draft's key.
        file: The file.

    Returns:
        The attachment, whose upload is pending. If an upload with the same announcement is already pending, it is that
        one, and its 24 hours begin anew.

    Raises:
        NotFound: The actor sees no such document.
        LevelMissing: The actor may not draw up documents on the theme.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be changed any more.
        Refusals: One for each field that is wrong.
    """
    async with actor_transaction(actor) as act:
        document, contract = await find_editable_draft(act, document_id, DocumentLevel.DRAFT, "documentId")
        findings = Findings()
        checked = check_file(findings, file)
        findings.raise_if_any()
        attachments = await Attachment.filter(document_id=document.id, removed_at=None).using_db(act.database)
        pending = next((each for each in attachments if each.arrived_at is None and _announces(each, checked)), None)
        if pending:
            await save(act, pending, created_at=await act.now())
            return pending
        return await _create(act, document, checked, attachments, contract.organisation_id)


async def remove_attachment(*, actor: Actor, attachment_id: int | None) -> Document:
    """Removes a file from a draft, whether or not it has arrived, and even if the theme has been hidden since.

    Args:
        actor: A USER with DRAFT on the theme of its document.
        attachment_id: The attachment's key.

    Returns:
        The draft.

    Raises:
        NotFound: The actor sees no such attachment.
        LevelMissing: The actor may not draw up documents on the theme.
        DocumentSent, DocumentReceived, ContractEnded: It can't be changed any more.
    """
    async with actor_transaction(actor) as act:
        visible = Attachment.filter(Where(visibility.attachment, await act.standing()), id=attachment_id or 0)
        attachment = await visible.using_db(act.database).first()
        if attachment is None:
            raise NotFound("id")
        document, contract, _ = await find_unsent_draft(act, attachment.document_id, DocumentLevel.DRAFT, "id")
        # Changes to files hold the document's lock; another transaction may have removed this one before we got it.
        removed = await remove_attachments(act, await act.now(), id=attachment.id)
        if not removed:
            raise NotFound("id")
        before = {"filename": attachment.filename, "document": document.title}
        await act.record(AuditAction.ATTACHMENT_REMOVED, attachment, contract.organisation_id, before=before)
    return document


def _announces(attachment: Attachment, file: AnnouncedFile) -> bool:
    return AnnouncedFile(attachment.filename, attachment.content_type, attachment.size, attachment.sha256) == file


async def _create(
    act: ActorTransaction, document: Document, file: AnnouncedFile, existing: list[Attachment], organisation_id: int
) -> Attachment:
    if any(same_filename(each.filename, file.filename) for each in existing):
        raise FilenameTaken("filename", filename=file.filename)
    maximum = settings().attachments_per_document
    if len(existing) >= maximum:
        raise TooManyAttachments("documentId", maximum=maximum)
    [attachment] = await create_attachments(act, document, [file])
    after = {"filename": file.filename, "size": file.size, "document": document.title}
    await act.record(AuditAction.ATTACHMENT_ANNOUNCED, attachment, organisation_id, after=after)
    return attachment
