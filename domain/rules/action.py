"""Actions that a contracting authority's system opens."""

from dataclasses import asdict, dataclass, replace

from domain.acting import Acting, acting
from domain.actor import Actor
from domain.models import Action, AuditAction, Contract, Document
from domain.refusals import Findings
from domain.rules.authority import (
    awarded_contract,
    checked_external_id,
    content_digest,
    delivered_before,
    document_of,
    require_running,
)
from domain.texts import required_text


@dataclass(frozen=True)
class OpenedAction:
    """What is to be done.

    Attributes:
        external_id: The authority's own id; a repeat with the same content gives the same action.
        document_id: The key of the document that it is about, which there must be; None when it is about none.
        title: What is to be done.
    """

    external_id: str
    document_id: int | None
    title: str


async def open_action(*, actor: Actor, contract_id: int | None, given: OpenedAction) -> Action:
    """Opens an action on a contract; somebody with DRAFT takes it.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        given: What is to be done.

    Returns:
        The new action, or the one that the same delivery made before.

    Raises:
        NotFound: The actor sees no such contract or document.
        Forbidden: The actor isn't the authority that awarded it.
        ExternalIdConflict: Something else came under the same id before.
        ContractEnded: The contract is read-only.
        DocumentIncomplete: Files of the document haven't arrived yet.
        Refusals: What is wrong with what was given, each with its field.
    """
    async with acting(actor) as act:
        contract = await awarded_contract(act, contract_id, "contractId")
        content = contract.id, asdict(given)
        digest = content_digest(*content)
        given = replace(given, external_id=checked_external_id(given.external_id))
        before = await delivered_before(act, Action, given.external_id, digest, *content)
        if before:
            return before
        require_running(contract, "contractId")
        document = await document_of(act, contract, given.document_id) if given.document_id is not None else None
        return await _open(act, contract, document, given, digest)


async def _open(
    act: Acting, contract: Contract, document: Document | None, given: OpenedAction, digest: bytes
) -> Action:
    findings = Findings()
    title = required_text(findings, given.title, "title")
    findings.settle()
    action = await Action.create(
        contract_id=contract.id,
        contracting_authority_id=contract.contracting_authority_id,
        document_id=document.id if document else None,
        title=title,
        external_id=given.external_id,
        content_digest=digest,
        created_at=await act.moment(),
        using_db=act.database,
    )
    after = {"externalId": given.external_id, "title": title}
    await act.record(AuditAction.ACTION_OPENED, action, contract.organisation_id, after=after)
    return action
