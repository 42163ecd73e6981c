"""What messages and actions share: an authority's system delivers them about a contract, or about a document on it."""

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
    """The part that every such delivery has.

    Attributes:
        external_id: The authority's own id; a repeat with the same content returns what the first one made.
        document_id: The key of the document that it is about, which there must be; None when it is about none.
    """

    external_id: str
    document_id: int | None


@dataclass(frozen=True)
class NewDelivery:
    """A delivery that has not come before.

    Attributes:
        contract: The contract, locked.
        columns: The columns that messages and actions have in common, for the row to be made.
    """

    contract: Contract
    columns: Mapping[str, Any]


async def accept_delivery(
    act: ActorTransaction, model: type[Delivered], contract_id: int | None, delivery: ContractDelivery
) -> Delivered | NewDelivery:
    """What an earlier delivery with this id made, or the new delivery, which may go on.

    Args:
        act: The transaction of the authority's machine client.
        model: What a delivery of this kind makes.
        contract_id: The contract's key.
        delivery: What is delivered.

    Raises:
        NotFound: The actor sees no such contract or document.
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else came under the same id before.
        ContractEnded: The contract is read-only.
        DocumentIncomplete: Files of the document haven't arrived yet.
        Refusals: The id is missing, too long, or no plain text.
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
