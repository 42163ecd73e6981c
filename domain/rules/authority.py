"""What every delivery of a contracting authority's system has in common: its own contracts, and each id once."""

from hashlib import sha256
from typing import Any, TypeVar

from domain import visibility
from domain.actor_transaction import ActorTransaction
from domain.json_text import json_bytes
from domain.models import Action, Contract, Document, DocumentStatus, Message
from domain.refusals import (
    ContractEnded,
    DocumentIncomplete,
    ExternalIdConflict,
    Findings,
    MachineClientRequired,
    NotFound,
)
from domain.text_fields import MAX_EXTERNAL_ID, required_text, trimmed

Delivered = TypeVar("Delivered", Contract, Document, Message, Action)


def content_digest(*content: Any) -> bytes:
    """SHA-256 of what is kept of a delivery: two under one id are the same when it is."""
    return _sum(_as_kept(content))


def _sum(content: Any) -> bytes:
    # Half of a surrogate pair, which is refused later, is like nothing that was ever kept.
    return sha256(json_bytes(content)).digest()


def _as_kept(content: Any) -> Any:
    """The same with its texts as they are kept."""
    match content:
        case str():
            return trimmed(content, multiline=True)
        case dict():
            return {name: _as_kept(value) for name, value in content.items()}
        case list() | tuple():
            return [_as_kept(value) for value in content]
    return content


def checked_external_id(given: str) -> str:
    """The authority's own id as it is kept.

    Raises:
        Refusals: It is missing, too long, or no plain text: nothing can have come under it before.
    """
    findings = Findings()
    external_id = required_text(findings, given, "externalId", maximum=MAX_EXTERNAL_ID)
    findings.raise_if_any()
    return external_id


async def awarded_contract(act: ActorTransaction, contract_id: int | None, *path: str) -> Contract:
    """The contract, locked, when the actor is the authority that awarded it.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
    """
    contract = await act.find(Contract, contract_id, visibility.contract, *path)
    if contract.contracting_authority_id != act.actor.authority_id:
        raise MachineClientRequired
    return contract


def require_running(contract: Contract, *path: str) -> None:
    """Goes on only if the contract hasn't ended.

    Raises:
        ContractEnded: It can only be read.
    """
    if contract.ended_at is not None:
        raise ContractEnded(*path)


async def document_of(act: ActorTransaction, contract: Contract, document_id: int) -> Document:
    """A document of the contract that the actor sees, and those whom it is for as well.

    Raises:
        NotFound: There is none.
        DocumentIncomplete: Files of it haven't arrived yet; it is gone when they don't.
    """
    document = await act.find(Document, document_id, visibility.document, "documentId")
    if document.contract_id != contract.id:
        raise NotFound("documentId")
    if document.status is DocumentStatus.EXPECTED:
        raise DocumentIncomplete("documentId", title=document.title)
    return document


async def delivered_before(
    act: ActorTransaction, model: type[Delivered], external_id: str, digest: bytes, *content: Any
) -> Delivered | None:
    """What the same delivery made before, if it came already; two at the same time wait for each other.

    Args:
        act: The act of the authority's machine client.
        model: What a delivery of this kind makes.
        external_id: The authority's own id.
        digest: Of the content as it is kept.
        content: The content as it was given: the digests of old deliveries were made of that.

    Raises:
        ExternalIdConflict: Something else came under the same id before.
    """
    authority_id = act.actor.authority_id
    await act.database.execute_query_dict(
        "select pg_advisory_xact_lock(hashtextextended($1, $2::bigint))",
        [f"{model.__name__}:{external_id}", authority_id],
    )
    known = model.filter(contracting_authority_id=authority_id, external_id=external_id)
    if model is Document:
        # What was swept, or thrown away, has given its id back.
        known = known.filter(deleted_at=None)
    found = await known.using_db(act.database).first()
    if found and found.content_digest not in {digest, _sum(content)}:
        raise ExternalIdConflict("externalId", external_id=external_id)
    return found
