"""Documents that an organisation sends to a contracting authority (domain section 5)."""

from typing import Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.models import Attachment, AuditAction, Document, DocumentLevel, DocumentStatus
from domain.refusals import UploadUnfinished
from domain.rules.editable_draft import find_editable_draft
from domain.rules.saving import save_next_version

_LOCK_QUEUE: Final = "select pg_advisory_xact_lock(hashtextextended('sent documents', $1::bigint))"
_NEXT_POSITION: Final = """select coalesce(max(sent_position), 0) + 1 as position from document
  where contracting_authority_id = $1"""


async def send_document(*, actor: Actor, document_id: int | None, version: int) -> Document:
    """Sends a draft to the contracting authority, which never learns who sent it; it is immutable from then on.

    Args:
        actor: A USER with SEND on its theme.
        document_id: The document's key.
        version: The version to send.

    Raises:
        NotFound: The actor sees no such document.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be sent any more.
        SendLevelMissing: The actor may not send documents on the theme.
        StaleVersion: Somebody else changed it in the meantime.
        UploadUnfinished: A file of it hasn't arrived.
    """
    async with actor_transaction(actor) as act:
        document, contract = await find_editable_draft(act, document_id, DocumentLevel.SEND, "id")
        require_version(document, version)
        pending = Attachment.filter(document_id=document.id, arrived_at=None, removed_at=None)
        unfinished = await pending.using_db(act.database).first()
        if unfinished:
            raise UploadUnfinished("id", filename=unfinished.filename)
        columns = {"status": DocumentStatus.SENT, "sent_at": await act.now(), "sent_by_id": actor.user_id}
        await save_next_version(act, document, **columns, sent_position=await _next_position(act, document))
        await act.record(AuditAction.DOCUMENT_SENT, document, contract.organisation_id, after={"title": document.title})
    return document


async def _next_position(act: ActorTransaction, document: Document) -> int:
    """The next position in the authority's queue; the lock is kept, so that positions become visible in order."""
    authority = [document.contracting_authority_id]
    await act.database.execute_query_dict(_LOCK_QUEUE, authority)
    position: int = (await act.database.execute_query_dict(_NEXT_POSITION, authority))[0]["position"]
    return position
