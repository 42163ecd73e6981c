"""Documents that a contracting authority's system delivers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from domain.acting import Acting, acting
from domain.actor import Actor
from domain.models import Contract, Document, DocumentDirection, DocumentStatus, NotificationTrigger, Theme
from domain.refusals import (
    AttachmentsNotPossible,
    Findings,
)
from domain.rules.authority import awarded_contract, content_digest, delivered_before, require_running
from domain.rules.themes import known_theme
from domain.texts import EXTERNAL_ID, required_text


@dataclass(frozen=True)
class DeliveredAttachment:
    """A file that is announced: its name, media type, size in bytes and SHA-256 in hexadecimal."""

    filename: str
    content_type: str
    size: int
    sha256: str


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
    attachments: Sequence[DeliveredAttachment] = ()


async def deliver_document(*, actor: Actor, contract_id: int | None, given: DeliveredDocument) -> Document:
    """Takes in a document on a contract, and writes the notification for whoever is to be mailed.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        given: What is delivered.

    Returns:
        The new document, or the one that the same delivery made before.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor isn't the authority that awarded it.
        ExternalIdConflict: Something else came under the same id before.
        ContractEnded: The contract is read-only.
        Refusals: What is wrong with what was given, each with its field.
    """
    async with acting(actor) as act:
        contract = await awarded_contract(act, contract_id, "contractId")
        digest = content_digest(contract.id, asdict(given))
        before = await delivered_before(act, Document, given.external_id.strip(), digest)
        return before or await _receive(act, contract, await _checked(act, contract, given), digest)


@dataclass(frozen=True)
class _Checked:
    external_id: str
    title: str
    theme: Theme


async def _checked(act: Acting, contract: Contract, given: DeliveredDocument) -> _Checked:
    require_running(contract, "contractId")
    findings = Findings()
    external_id = required_text(findings, given.external_id, "externalId", maximum=EXTERNAL_ID)
    title = required_text(findings, given.title, "title")
    theme = await known_theme(act, findings, given.theme_code, "themeCode")
    if given.attachments:
        findings.add(AttachmentsNotPossible("attachments"))
    findings.settle()
    return _Checked(external_id, title, theme)


async def _receive(act: Acting, contract: Contract, checked: _Checked, digest: bytes) -> Document:
    document = await Document.create(
        contract_id=contract.id,
        contracting_authority_id=contract.contracting_authority_id,
        theme_id=checked.theme.id,
        title=checked.title,
        direction=DocumentDirection.FROM_AUTHORITY,
        status=DocumentStatus.RECEIVED,
        received_at=await act.moment(),
        external_id=checked.external_id,
        content_digest=digest,
        using_db=act.database,
    )
    await act.notify(
        trigger=NotificationTrigger.DOCUMENT_RECEIVED,
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
        document_id=document.id,
    )
    after = {"theme": checked.theme.code, "title": checked.title, "externalId": checked.external_id}
    await act.record("DOCUMENT_DELIVERED", document, contract.organisation_id, after=after)
    return document
