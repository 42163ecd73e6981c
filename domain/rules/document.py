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
from domain.rules.announcement import AnnouncedFile, announce, checked_files
from domain.rules.authority import (
    awarded_contract,
    checked_external_id,
    content_digest,
    delivered_before,
    require_running,
)
from domain.rules.overdue import give_up_overdue
from domain.rules.saving import save
from domain.rules.themes import check_visible, every_theme
from domain.text_fields import required_text


@dataclass(frozen=True)
class DeliveredDocument:
    """What an authority delivers.

    Attributes:
        external_id: The authority's own id; a repeat with the same content gives the same document.
        theme_code: The code of a visible theme.
        title: The document's title.
        attachments: The files that will be uploaded.
    """

    external_id: str
    theme_code: str
    title: str
    attachments: Sequence[AnnouncedFile] = ()


async def deliver_document(
    *, actor: Actor, contract_id: int | None, given: DeliveredDocument
) -> tuple[Document, list[Attachment]]:
    """Takes in a document on a contract.

    Without files it is received at once, and the notification is written for whoever is to be mailed; with files, when
    the last of them has arrived. What is not complete within a day is given up, and its id is free again.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        given: What is delivered.

    Returns:
        The new document, or the one that the same delivery made before; and its files that haven't arrived, if they
        still can.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else came under the same id before.
        ContractEnded: The contract is read-only.
        Refusals: What is wrong with what was given, each with its field.
    """
    async with actor_transaction(actor) as act:
        contract = await awarded_contract(act, contract_id, "contractId")
        external_id = checked_external_id(given.external_id)
        await give_up_overdue(act, external_id)
        kept = replace(given, attachments=[file.as_kept() for file in given.attachments])
        digest = content_digest(contract.id, asdict(kept))
        before = await delivered_before(act, Document, external_id, digest, contract.id, asdict(given))
        document = before or await _take_in(act, contract, external_id, await _checked(act, contract, given), digest)
        return document, await _acceptable_files(act, document, contract)


async def _acceptable_files(act: ActorTransaction, document: Document, contract: Contract) -> list[Attachment]:
    """The waiting files, none where the contract has ended or the theme was hidden since: they would be refused."""
    waiting = await waiting_files(act, document)
    if waiting and contract.ended_at is None and (await Theme.get(id=document.theme_id, using_db=act.database)).visible:
        return waiting
    return []


async def waiting_files(act: ActorTransaction, document: Document) -> list[Attachment]:
    """The files of a delivery that haven't arrived, in the order in which they were announced."""
    if document.status is not DocumentStatus.EXPECTED:
        return []
    waiting = Attachment.filter(document_id=document.id, arrived_at=None, removed_at=None)
    return await waiting.order_by("id").using_db(act.database)


async def receive_document(act: ActorTransaction, document: Document, contract: Contract) -> None:
    """Counts a delivery whose last file has arrived as received, which is told to whoever is to be mailed."""
    await save(act, document, status=DocumentStatus.RECEIVED, received_at=await act.now())
    await _tell(act, document, contract, await Theme.get(id=document.theme_id, using_db=act.database))


@dataclass(frozen=True)
class _Checked:
    title: str
    theme: Theme
    files: Sequence[AnnouncedFile]


async def _checked(act: ActorTransaction, contract: Contract, given: DeliveredDocument) -> _Checked:
    require_running(contract, "contractId")
    findings, themes = Findings(), await every_theme(act)
    title = required_text(findings, given.title, "title")
    check_visible(findings, themes, given.theme_code, "themeCode")
    files = checked_files(findings, given.attachments, "attachments")
    findings.raise_if_any()
    return _Checked(title, themes[given.theme_code], files)


async def _take_in(
    act: ActorTransaction, contract: Contract, external_id: str, checked: _Checked, digest: bytes
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
        await _tell(act, document, contract, checked.theme)
        return document
    await announce(act, document, checked.files)
    # The organisation learns of it when all of it is there.
    after = _audit_values(document, checked.theme) | {"files": [file.filename for file in checked.files]}
    await act.record(AuditAction.DOCUMENT_ANNOUNCED, document, contract.contracting_authority_id, after=after)
    return document


async def _tell(act: ActorTransaction, document: Document, contract: Contract, theme: Theme) -> None:
    """Writes the notification of a document that was received, and the audit row."""
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
