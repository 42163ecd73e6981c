"""What messages and actions have in common: an authority's system delivers them for a contract or a document on it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from domain.actor_transaction import ActorTransaction
from domain.models import Action, Contract, Message
from domain.rules.awarded_contract import find_awarded_contract, find_document_on
from domain.rules.idempotency import checked_external_id, content_digest, find_earlier_delivery
from domain.rules.running_contract import require_running

Delivered = TypeVar("Delivered", Action, Message)


@dataclass(frozen=True)
class ContractDelivery:
    """The common part of these deliveries.

    Attributes:
        external_id: The authority's own id; a repeat with the same content returns what the first delivery created.
        document_id: The key of the document that it is about; None when it is about none.
    """

    external_id: str
    document_id: int | None


@dataclass(frozen=True)
class NewDelivery:
    """A delivery that is no repeat.

    Attributes:
        contract: The contract, locked.
        columns: The values of the columns that messages and actions have in common.
    """

    contract: Contract
    columns: Mapping[str, Any]


async def accept_delivery(
    act: ActorTransaction, model: type[Delivered], contract_id: int | None, delivery: ContractDelivery
) -> Delivered | NewDelivery:
    """The row that an earlier delivery with this id created, or a new delivery, checked, for which none exists.

    Args:
        act: The transaction of the authority's machine client.
        model: The model of what is delivered.
        contract_id: The contract's key.
        delivery: What is delivered.

    Raises:
        NotFound: The actor sees no such contract or document.
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else was delivered with the same id before.
        ContractEnded: The contract is read-only.
        DocumentIncomplete: Files of the document haven't arrived yet.
        Refusals: The id is missing, too long, or not plain text.
    """
    contract = await find_awarded_contract(act, contract_id, "contractId")
    content = contract.id, asdict(delivery)
    digest = content_digest(*content)
    external_id = checked_external_id(delivery.external_id)
    earlier = await find_earlier_delivery(act, model, external_id, digest, *content)
    if earlier:
        return earlier
    require_running(contract, "contractId")
    document_id = delivery.document_id
    document = None if document_id is None else await find_document_on(act, contract, document_id)
    return NewDelivery(
        contract,
        {
            "contract_id": contract.id,
            "contracting_authority_id": contract.contracting_authority_id,
            "document_id": document.id if document else None,
            "external_id": external_id,
            "content_digest": digest,
        },
    )
