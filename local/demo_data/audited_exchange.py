"""What was done on contracts: published, delivered, drawn up, sent, taken and completed."""

from domain.models import (
    Action,
    ActionStatus,
    Assignment,
    Attachment,
    AuditAction,
    AuditEntry,
    Contract,
    Document,
    DocumentDirection,
    MachineClient,
    Message,
)
from local.demo_data.audit_entry import Done, ended, entry
from local.demo_data.loaded import Loaded


async def exchange_entries(_loaded: Loaded) -> list[AuditEntry]:
    """Of everything that the authorities' systems and the organisations' people did."""
    systems = {client.organisation_id: client.name for client in await MachineClient.all()}
    entries = []
    for contract in await Contract.all().prefetch_related("contracting_authority"):
        # A system that has no client here is called as its authority is.
        system = systems.get(contract.contracting_authority_id, contract.contracting_authority.name)
        entries += _of_contract(contract, system)
        for document in await Document.filter(contract=contract).prefetch_related("theme"):
            received = document.direction is DocumentDirection.FROM_AUTHORITY
            entries += await (_delivered(document, contract, system) if received else _drafted(document, contract))
        for message in await Message.filter(contract=contract):
            after = {"externalId": message.external_id, "subject": message.subject}
            done = Done(message.received_at, system)
            entries.append(entry(AuditAction.MESSAGE_DELIVERED, message, contract.organisation_id, done, after=after))
        for action in await Action.filter(contract=contract):
            entries += await _of_action(action, contract, system)
    return entries


def _of_contract(contract: Contract, system: str) -> list[AuditEntry]:
    what = contract.organisation_id
    after = {"externalId": contract.external_id, "number": contract.number, "title": contract.title}
    entries = [entry(AuditAction.CONTRACT_PUBLISHED, contract, what, Done(contract.published_at, system), after=after)]
    if contract.ended_at:
        done = Done(contract.ended_at, system)
        entries.append(entry(AuditAction.CONTRACT_ENDED, contract, what, done, reason=contract.end_reason))
    return entries


async def _delivered(document: Document, contract: Contract, system: str) -> list[AuditEntry]:
    """How its files came is told in the authority's own log."""
    authority, done = contract.contracting_authority_id, Done(document.created_at, system)
    after = {"theme": document.theme.code, "title": document.title, "externalId": document.external_id}
    files = await Attachment.filter(document=document)
    entries = [entry(AuditAction.DOCUMENT_DELIVERED, document, contract.organisation_id, done, after=after)]
    if files:
        announced = after | {"files": [file.filename for file in files]}
        entries.insert(0, entry(AuditAction.DOCUMENT_ANNOUNCED, document, authority, done, after=announced))
    for file in files:
        entries.insert(-1, entry(AuditAction.ATTACHMENT_ARRIVED, file, authority, done, after=_told(file, document)))
    return entries


async def _drafted(document: Document, contract: Contract) -> list[AuditEntry]:
    what, done = contract.organisation_id, Done(document.created_at, document.created_by_id)
    after = {"theme": document.theme.code, "title": document.title}
    entries = [entry(AuditAction.DOCUMENT_DRAFTED, document, what, done, after=after)]
    for file in await Attachment.filter(document=document):
        entries.append(entry(AuditAction.ATTACHMENT_ANNOUNCED, file, what, done, after=_told(file, document)))
        entries.append(entry(AuditAction.ATTACHMENT_ARRIVED, file, what, done, after=_told(file, document)))
    if document.sent_at:
        sent = Done(document.sent_at, document.sent_by_id)
        entries.append(entry(AuditAction.DOCUMENT_SENT, document, what, sent, after={"title": document.title}))
    return entries


def _told(file: Attachment, document: Document) -> dict[str, object]:
    return {"filename": file.filename, "size": file.size, "document": document.title}


async def _of_action(action: Action, contract: Contract, system: str) -> list[AuditEntry]:
    what, after = contract.organisation_id, {"externalId": action.external_id, "title": action.title}
    entries = [entry(AuditAction.ACTION_OPENED, action, what, Done(action.created_at, system), after=after)]
    for turn in await Assignment.filter(action=action):
        taken, told = Done(turn.assigned_at, turn.assigned_by_id), {"assignee": turn.user_id}
        entries.append(entry(AuditAction.ACTION_ASSIGNED, action, what, taken, after=told))
        over = ended(turn.released_at, turn.user_id)
        if over and action.status is ActionStatus.DONE:
            entries.append(entry(AuditAction.ACTION_COMPLETED, action, what, over))
        elif over:
            entries.append(
                entry(AuditAction.ACTION_RELEASED, action, what, over, before=told, reason=turn.release_reason)
            )
    return entries
