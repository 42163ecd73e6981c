"""The files of a draft: announced, and taken away (domain section 5)."""

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import Attachment, AuditAction, Document, DocumentLevel
from domain.refusals import FilenameTaken, Findings, NotFound, TooManyAttachments
from domain.rules.announcement import AnnouncedFile, announce, checked_file, same_name
from domain.rules.attachment_removal import remove_attachments
from domain.rules.changeable_draft import changeable_draft, standing_draft
from domain.rules.saving import save
from domain.where import Where
from settings import settings


async def request_upload(*, actor: Actor, document_id: int | None, given: AnnouncedFile) -> Attachment:
    """Announces a file of a draft; its bytes are to be uploaded.

    Args:
        actor: A USER with DRAFT on its theme.
        document_id: The draft's key.
        given: The file.

    Returns:
        The attachment, which waits for its bytes; the one that the same announcement made, when it still waits: its
        day begins anew.

    Raises:
        NotFound: The actor sees no such document.
        LevelMissing: The actor may not draw up documents on the theme.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be changed any more.
        Refusals: What is wrong with the file, each with its field.
    """
    async with actor_transaction(actor) as act:
        document, contract = await changeable_draft(act, document_id, DocumentLevel.DRAFT, "documentId")
        findings = Findings()
        file = checked_file(findings, given)
        findings.raise_if_any()
        standing = await Attachment.filter(document_id=document.id, removed_at=None).using_db(act.database)
        before = next((each for each in standing if each.arrived_at is None and _announces(each, file)), None)
        if before:
            await save(act, before, created_at=await act.now())
            return before
        return await _announced(act, document, file, standing, contract.organisation_id)


async def remove_attachment(*, actor: Actor, attachment_id: int | None) -> Document:
    """Takes a file of a draft away, arrived or not; also on a theme that was hidden since.

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
        document, contract, _ = await standing_draft(act, attachment.document_id, DocumentLevel.DRAFT, "id")
        # The document's lock makes changes of its files take turns; somebody may have had theirs in between.
        taken = await remove_attachments(act, await act.now(), id=attachment.id)
        if not taken:
            raise NotFound("id")
        before = {"filename": attachment.filename, "document": document.title}
        await act.record(AuditAction.ATTACHMENT_REMOVED, attachment, contract.organisation_id, before=before)
    return document


def _announces(attachment: Attachment, file: AnnouncedFile) -> bool:
    return AnnouncedFile(attachment.filename, attachment.content_type, attachment.size, attachment.sha256) == file


async def _announced(
    act: ActorTransaction, document: Document, file: AnnouncedFile, standing: list[Attachment], organisation_id: int
) -> Attachment:
    if any(same_name(each.filename, file.filename) for each in standing):
        raise FilenameTaken("filename", filename=file.filename)
    maximum = settings().attachments_per_document
    if len(standing) >= maximum:
        raise TooManyAttachments("documentId", maximum=maximum)
    [attachment] = await announce(act, document, [file])
    after = {"filename": file.filename, "size": file.size, "document": document.title}
    await act.record(AuditAction.ATTACHMENT_ANNOUNCED, attachment, organisation_id, after=after)
    return attachment
