"""Messages that a contracting authority's system delivers."""

from dataclasses import asdict, dataclass, replace

from domain.acting import Acting, acting
from domain.actor import Actor
from domain.models import AuditAction, Contract, Document, Message, NotificationTrigger
from domain.refusals import Findings
from domain.rules.authority import (
    awarded_contract,
    checked_external_id,
    content_digest,
    delivered_before,
    document_of,
    require_running,
)
from domain.texts import MESSAGE, required_text


@dataclass(frozen=True)
class DeliveredMessage:
    """What an authority says.

    Attributes:
        external_id: The authority's own id; a repeat with the same content gives the same message.
        document_id: The key of the document that it is about, which there must be; None when it is about the contract.
        subject: The subject, one line.
        body: The text.
    """

    external_id: str
    document_id: int | None
    subject: str
    body: str


async def deliver_message(*, actor: Actor, contract_id: int | None, given: DeliveredMessage) -> Message:
    """Takes in a message, and writes the notification for whoever is to be mailed.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        given: What is said.

    Returns:
        The new message, or the one that the same delivery made before.

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
        before = await delivered_before(act, Message, given.external_id, digest, *content)
        if before:
            return before
        require_running(contract, "contractId")
        document = await document_of(act, contract, given.document_id) if given.document_id is not None else None
        return await _receive(act, contract, document, given, digest)


async def _receive(
    act: Acting, contract: Contract, document: Document | None, given: DeliveredMessage, digest: bytes
) -> Message:
    findings = Findings()
    subject = required_text(findings, given.subject, "subject")
    body = required_text(findings, given.body, "body", maximum=MESSAGE, lines=True)
    findings.settle()
    message = await Message.create(
        contract_id=contract.id,
        contracting_authority_id=contract.contracting_authority_id,
        document_id=document.id if document else None,
        subject=subject,
        body=body,
        external_id=given.external_id,
        content_digest=digest,
        received_at=await act.moment(),
        using_db=act.database,
    )
    await act.notify(
        trigger=NotificationTrigger.MESSAGE_RECEIVED,
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
        document_id=message.document_id,
        message_id=message.id,
    )
    after = {"externalId": given.external_id, "subject": subject}
    await act.record(AuditAction.MESSAGE_DELIVERED, message, contract.organisation_id, after=after)
    return message
