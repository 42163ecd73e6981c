"""Files that were announced and not uploaded within a day: they are abandoned (domain section 5)."""

from typing import Final

from domain.actor import SYSTEM
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, Contract, Document
from domain.rules.attachment_removal import remove_attachments
from domain.rules.saving import save

HOURS: Final = 24
"""Hours after the announcement in which files may be uploaded."""
BATCH: Final = 50
"""How many deliveries or uploads are abandoned in one transaction."""
_OVERDUE: Final = f"created_at <= now() - interval '{HOURS} hours'"
_DELIVERIES: Final = f"select id from document d where d.status = 'EXPECTED' and d.deleted_at is null and d.{_OVERDUE}"
_DELIVERY_BY_ID: Final = _DELIVERIES + " and d.contracting_authority_id = $1 and d.external_id = $2 for update"
_OVERDUE_DELIVERIES: Final = _DELIVERIES + f" order by d.created_at limit {BATCH} for update skip locked"
# Changes to the files of a document lock the document. The file is locked as well, so that PostgreSQL evaluates the
# condition again if the file arrived in the meantime.
_OVERDUE_UPLOADS: Final = f"""select a.id, d.title, c.organisation_id
  from attachment a join document d on d.id = a.document_id join contract c on c.id = d.contract_id
  where a.arrived_at is null and a.removed_at is null and a.{_OVERDUE} and d.status = 'DRAFT'
  order by a.created_at limit {BATCH} for no key update of d, a skip locked"""


async def give_up_overdue_delivery(act: ActorTransaction, external_id: str) -> None:
    """Abandons the actor's delivery with an id if it is overdue, without waiting for the chore."""
    for row in await act.database.execute_query_dict(_DELIVERY_BY_ID, [act.actor.authority_id, external_id]):
        await give_up_delivery(act, row["id"])


async def give_up_delivery(act: ActorTransaction, document_id: int) -> None:
    """Abandons a delivery, which must be locked: nobody sees it any more, and its id is free again."""
    document = await Document.get(id=document_id, using_db=act.database)
    contract = await Contract.get(id=document.contract_id, using_db=act.database)
    moment = await act.now()
    await save(act, document, deleted_at=moment)
    files = await remove_attachments(act, moment, document_id=document.id)
    before = {"title": document.title, "missing": [file.filename for file in files if not file.arrived_at]}
    await act.record(AuditAction.DELIVERY_GIVEN_UP, document, contract.contracting_authority_id, before=before)


async def give_up_deliveries() -> int:
    """Abandons the deliveries whose files didn't all arrive in time; returns how many, at most `BATCH`."""
    async with actor_transaction(SYSTEM) as act:
        overdue = await act.database.execute_query_dict(_OVERDUE_DELIVERIES)
        for row in overdue:
            await give_up_delivery(act, row["id"])
    return len(overdue)


async def give_up_uploads() -> int:
    """Removes the files of drafts that didn't arrive in time; returns how many, at most `BATCH`."""
    async with actor_transaction(SYSTEM) as act:
        overdue = await act.database.execute_query_dict(_OVERDUE_UPLOADS)
        for row in overdue:
            [attachment] = await remove_attachments(act, await act.now(), id=row["id"])
            before = {"filename": attachment.filename, "document": row["title"]}
            await act.record(AuditAction.UPLOAD_GIVEN_UP, attachment, row["organisation_id"], before=before)
    return len(overdue)
