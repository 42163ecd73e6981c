"""Documents that a contracting authority's system delivers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import (
    Attachment,
    AuditAction,
    Contract,
    Document,
    DocumentDirection,
    DocumentStatus,
    NotificationTrigger,
    Theme,
)
from domain.refusals import Findings
from domain.rules.announced_file import AnnouncedFile, check_files, create_attachments
from domain.rules.awarded_contract import find_awarded_contract
from domain.rules.idempotency import checked_external_id, content_digest, find_earlier_delivery
from domain.rules.overdue_uploads import give_up_overdue_delivery
from domain.rules.running_contract import require_running
from domain.rules.saving import save
from domain.rules.theme import check_visible, themes_by_code
from domain.text_fields import required_text


@dataclass(frozen=True)
class DeliveredDocument:
    """A document that an authority delivers.

    Attributes:
        external_id: The authority's own id; a repeat with the same content returns the same document.
        theme_code: The code of a visible theme.
        title: The document's title.
        attachments: The files that will be uploaded.
    """

    external_id: str
    theme_code: str
    title: str
    attachments: Sequence[AnnouncedFile] = ()


async def deliver_document(
    *, actor: Actor, contract_id: int | None, delivered: DeliveredDocument
) -> tuple[Document, list[Attachment]]:
    """Accepts a document on a contract.

    A document without files is received immediately, and its notification is written; one with files is received when
    the last of them has arrived. A delivery that is not complete within a day is abandoned, and its id is free again.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        delivered: The document.

    Returns:
        The new document, or the one that an earlier delivery with the same id and content created; and its files that
        haven't arrived, if they can still be uploaded.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else was delivered with the same id before.
        ContractEnded: The contract is read-only.
        Refusals: One for each field that is wrong.
    """
    async with actor_transaction(actor) as act:
        contract = await find_awarded_contract(act, contract_id, "contractId")
        external_id = checked_external_id(delivered.external_id)
        await give_up_overdue_delivery(act, external_id)
        normalised = replace(delivered, attachments=[file.normalised() for file in delivered.attachments])
        digest = content_digest(contract.id, asdict(normalised))
        document = await find_earlier_delivery(act, Document, external_id, digest, contract.id, asdict(delivered))
        if document is None:
            checked = await _check_document(act, contract, delivered)
            document = await _create(act, contract, external_id, checked, digest)
        return document, await _uploadable_attachments(act, document, contract)


async def _uploadable_attachments(act: ActorTransaction, document: Document, contract: Contract) -> list[Attachment]:
    """The pending attachments; none if the contract has ended or the theme is hidden: uploads would be refused."""
    pending = await pending_attachments(act, document)
    if pending and contract.ended_at is None and (await Theme.get(id=document.theme_id, using_db=act.database)).visible:
        return pending
    return []


async def pending_attachments(act: ActorTransaction, document: Document) -> list[Attachment]:
    """The attachments of a delivery whose bytes haven't arrived, in the order in which they were announced."""
    if document.status is not DocumentStatus.EXPECTED:
        return []
    pending = Attachment.filter(document_id=document.id, arrived_at=None, removed_at=None)
    return await pending.order_by("id").using_db(act.database)


async def receive_document(act: ActorTransaction, document: Document, contract: Contract) -> None:
    """Marks a delivery whose last file has arrived as received, and writes its notification."""
    await save(act, document, status=DocumentStatus.RECEIVED, received_at=await act.now())
    await _notify_received(act, document, contract, await Theme.get(id=document.theme_id, using_db=act.database))


@dataclass(frozen=True)
class _CheckedDocument:
    title: str
    theme: Theme
    files: Sequence[AnnouncedFile]


async def _check_document(act: ActorTransaction, contract: Contract, delivered: DeliveredDocument) -> _CheckedDocument:
    require_running(contract, "contractId")
    themes = await themes_by_code(act)
    findings = Findings()
    title = required_text(findings, delivered.title, "title")
    check_visible(findings, themes, delivered.theme_code, "themeCode")
    files = check_files(findings, delivered.attachments, "attachments")
    findings.raise_if_any()
    return _CheckedDocument(title, themes[delivered.theme_code], files)


async def _create(
    act: ActorTransaction, contract: Contract, external_id: str, checked: _CheckedDocument, digest: bytes
) -> Document:
    moment = await act.now()
    document = await Document.create(
        contract_id=contract.id,
        contracting_authority_id=contract.contracting_authority_id,
        theme_id=checked.theme.id,
        title=checked.title,
        direction=DocumentDirection.FROM_AUTHORITY,
        status=DocumentStatus.EXPECTED if checked.files else DocumentStatus.RECEIVED,
        created_at=moment,
        received_at=None if checked.files else moment,
        external_id=external_id,
        content_digest=digest,
        using_db=act.database,
    )
    if not checked.files:
        await _notify_received(act, document, contract, checked.theme)
        return document
    await create_attachments(act, document, checked.files)
    # In the authority's log: the organisation doesn't see the document until it is complete.
    after = _audit_values(document, checked.theme) | {"files": [file.filename for file in checked.files]}
    await act.record(AuditAction.DOCUMENT_ANNOUNCED, document, contract.contracting_authority_id, after=after)
    return document


async def _notify_received(act: ActorTransaction, document: Document, contract: Contract, theme: Theme) -> None:
    """Writes the notification and the audit row of a document that was received."""
    await act.notify(
        trigger=NotificationTrigger.DOCUMENT_RECEIVED,
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
        document_id=document.id,
    )
    await act.record(
        AuditAction.DOCUMENT_DELIVERED, document, contract.organisation_id, after=_audit_values(document, theme)
    )


def _audit_values(document: Document, theme: Theme) -> dict[str, object]:
    return {"theme": theme.code, "title": document.title, "externalId": document.external_id}
