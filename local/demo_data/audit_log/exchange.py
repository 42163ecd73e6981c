"""The entries about contracts: published, ended, and what was exchanged on them."""

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
from local.demo_data.audit_log.audit_entry import AuditStamp, audit_entry, optional_stamp
from local.demo_data.demo_rows import DemoRows


async def exchange_entries(_demo: DemoRows) -> list[AuditEntry]:
    """The entries about contracts and their documents, messages and actions."""
    systems = {client.organisation_id: client.name for client in await MachineClient.all()}
    entries = []
    for contract in await Contract.all().prefetch_related("contracting_authority"):
        # The system of an authority without a machine client is named after the authority.
        system = systems.get(contract.contracting_authority_id, contract.contracting_authority.name)
        entries += _contract_entries(contract, system)
        for document in await Document.filter(contract=contract).prefetch_related("theme"):
            if document.direction is DocumentDirection.FROM_AUTHORITY:
                entries += await _received_document_entries(document, contract, system)
            else:
                entries += await _drafted_document_entries(document, contract)
        for message in await Message.filter(contract=contract):
            entries.append(_message_entry(message, contract, system))
        for action in await Action.filter(contract=contract):
            entries += await _action_entries(action, contract, system)
    return entries


def _contract_entries(contract: Contract, system: str) -> list[AuditEntry]:
    organisation_id = contract.organisation_id
    facts = {"externalId": contract.external_id, "number": contract.number, "title": contract.title}
    published = AuditStamp(contract.published_at, system)
    entries = [audit_entry(AuditAction.CONTRACT_PUBLISHED, contract, organisation_id, published, after=facts)]
    if contract.ended_at:
        ended, reason = AuditStamp(contract.ended_at, system), contract.end_reason
        entries.append(audit_entry(AuditAction.CONTRACT_ENDED, contract, organisation_id, ended, reason=reason))
    return entries


async def _received_document_entries(document: Document, contract: Contract, system: str) -> list[AuditEntry]:
    """The entries about its files are in the authority's own log."""
    authority_id, stamp = contract.contracting_authority_id, AuditStamp(document.created_at, system)
    facts = {"theme": document.theme.code, "title": document.title, "externalId": document.external_id}
    files = await Attachment.filter(document=document)
    entries = []
    if files:
        announced = facts | {"files": [file.filename for file in files]}
        entries.append(audit_entry(AuditAction.DOCUMENT_ANNOUNCED, document, authority_id, stamp, after=announced))
    for file in files:
        file_facts = _attachment_facts(file, document)
        entries.append(audit_entry(AuditAction.ATTACHMENT_ARRIVED, file, authority_id, stamp, after=file_facts))
    entries.append(audit_entry(AuditAction.DOCUMENT_DELIVERED, document, contract.organisation_id, stamp, after=facts))
    return entries


async def _drafted_document_entries(document: Document, contract: Contract) -> list[AuditEntry]:
    organisation_id, drafted = contract.organisation_id, AuditStamp(document.created_at, document.created_by_id)
    facts = {"theme": document.theme.code, "title": document.title}
    entries = [audit_entry(AuditAction.DOCUMENT_DRAFTED, document, organisation_id, drafted, after=facts)]
    for file in await Attachment.filter(document=document):
        file_facts = _attachment_facts(file, document)
        entries += [
            audit_entry(action, file, organisation_id, drafted, after=file_facts)
            for action in (AuditAction.ATTACHMENT_ANNOUNCED, AuditAction.ATTACHMENT_ARRIVED)
        ]
    if document.sent_at:
        sent, title = AuditStamp(document.sent_at, document.sent_by_id), {"title": document.title}
        entries.append(audit_entry(AuditAction.DOCUMENT_SENT, document, organisation_id, sent, after=title))
    return entries


def _attachment_facts(file: Attachment, document: Document) -> dict[str, object]:
    return {"filename": file.filename, "size": file.size, "document": document.title}


def _message_entry(message: Message, contract: Contract, system: str) -> AuditEntry:
    facts, received = {"externalId": message.external_id, "subject": message.subject}, message.received_at
    stamp = AuditStamp(received, system)
    return audit_entry(AuditAction.MESSAGE_DELIVERED, message, contract.organisation_id, stamp, after=facts)


async def _action_entries(action: Action, contract: Contract, system: str) -> list[AuditEntry]:
    organisation_id = contract.organisation_id
    opened, facts = AuditStamp(action.created_at, system), {"externalId": action.external_id, "title": action.title}
    entries = [audit_entry(AuditAction.ACTION_OPENED, action, organisation_id, opened, after=facts)]
    for assignment in await Assignment.filter(action=action):
        assigned = AuditStamp(assignment.assigned_at, assignment.assigned_by_id)
        assignee = {"assignee": assignment.user_id}
        entries.append(audit_entry(AuditAction.ACTION_ASSIGNED, action, organisation_id, assigned, after=assignee))
        ended = optional_stamp(assignment.released_at, assignment.user_id)
        if ended and action.status is ActionStatus.DONE:
            entries.append(audit_entry(AuditAction.ACTION_COMPLETED, action, organisation_id, ended))
        elif ended:
            release, reason = AuditAction.ACTION_RELEASED, assignment.release_reason
            entries.append(audit_entry(release, action, organisation_id, ended, before=assignee, reason=reason))
    return entries
