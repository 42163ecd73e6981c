"""What messages and actions share: an authority's system delivers them about a contract, or about a document on it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from domain.actor_transaction import ActorTransaction
from domain.models import Action, Contract, Message
from domain.rules.authority import (
    awarded_contract,
    checked_external_id,
    content_digest,
    delivered_before,
    document_of,
    require_running,
)

Delivered = TypeVar("Delivered", Action, Message)


@dataclass(frozen=True)
class AboutContract:
    """What every such delivery says.

    Attributes:
        external_id: The authority's own id; a repeat with the same content gives what the first one made.
        document_id: The key of the document that it is about, which there must be; None when it is about none.
    """

    external_id: str
    document_id: int | None


@dataclass(frozen=True)
class FirstDelivery:
    """A delivery that has not come before.

    Attributes:
        contract: The contract, locked.
        columns: What the rows hold that such deliveries make, whatever else they say.
    """

    contract: Contract
    columns: Mapping[str, Any]


async def first_delivery(
    act: ActorTransaction, model: type[Delivered], contract_id: int | None, given: AboutContract
) -> Delivered | FirstDelivery:
    """What the same delivery made before, or else what is known of the new one.

    Args:
        act: The act of the authority's machine client.
        model: What a delivery of this kind makes.
        contract_id: The contract's key.
        given: What is delivered.

    Raises:
        NotFound: The actor sees no such contract or document.
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else came under the same id before.
        ContractEnded: The contract is read-only.
        DocumentIncomplete: Files of the document haven't arrived yet.
        Refusals: The id is missing, too long, or no plain text.
    """
    contract = await awarded_contract(act, contract_id, "contractId")
    content = contract.id, asdict(given)
    digest = content_digest(*content)
    external_id = checked_external_id(given.external_id)
    before = await delivered_before(act, model, external_id, digest, *content)
    if before:
        return before
    require_running(contract, "contractId")
    document = await document_of(act, contract, given.document_id) if given.document_id is not None else None
    return FirstDelivery(
        contract,
        {
            "contract_id": contract.id,
            "contracting_authority_id": contract.contracting_authority_id,
            "document_id": document.id if document else None,
            "external_id": external_id,
            "content_digest": digest,
        },
    )
