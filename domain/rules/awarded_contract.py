"""Contracts, and documents on them, found for the authority that awarded the contract."""

from domain import visibility
from domain.actor_transaction import ActorTransaction
from domain.models import Contract, Document, DocumentStatus
from domain.refusals import DocumentIncomplete, MachineClientRequired, NotFound


async def find_awarded_contract(act: ActorTransaction, contract_id: int | None, *path: str) -> Contract:
    """The contract with a key, locked, if the actor is the authority that awarded it.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
    """
    contract = await act.find(Contract, contract_id, visibility.contract, *path)
    if contract.contracting_authority_id != act.actor.authority_id:
        raise MachineClientRequired
    return contract


async def find_document_on(act: ActorTransaction, contract: Contract, document_id: int) -> Document:
    """A document of the contract that has been received or sent, so that both sides see it.

    Raises:
        NotFound: The actor sees no such document on the contract.
        DocumentIncomplete: Some of its files haven't arrived yet.
    """
    document = await act.find(Document, document_id, visibility.document, "documentId")
    if document.contract_id != contract.id:
        raise NotFound("documentId")
    if document.status is DocumentStatus.EXPECTED:
        raise DocumentIncomplete("documentId", title=document.title)
    return document
