"""Actions that a contracting authority's system opens."""

from dataclasses import dataclass

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import Action, AuditAction
from domain.refusals import Findings
from domain.rules.contract_delivery import ContractDelivery, NewDelivery, accept_delivery
from domain.text_fields import required_text


@dataclass(frozen=True)
class NewAction(ContractDelivery):
    """An action to be opened.

    Attributes:
        title: The work to be done.
    """

    title: str


async def open_action(*, actor: Actor, contract_id: int | None, new: NewAction) -> Action:
    """Opens an action on a contract, to be taken by a user with DRAFT.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        new: The action.

    Returns:
        The new action, or the one that an earlier delivery with the same id and content opened.

    Raises:
        NotFound: The actor sees no such contract or document.
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else was delivered with the same id before.
        ContractEnded: The contract is read-only.
        DocumentIncomplete: Files of the document haven't arrived yet.
        Refusals: One for each field that is wrong.
    """
    async with actor_transaction(actor) as act:
        delivery = await accept_delivery(act, Action, contract_id, new)
        return delivery if isinstance(delivery, Action) else await _open(act, delivery, new)


async def _open(act: ActorTransaction, delivery: NewDelivery, new: NewAction) -> Action:
    findings = Findings()
    title = required_text(findings, new.title, "title")
    findings.raise_if_any()
    action = await Action.create(
        **delivery.columns,
        title=title,
        created_at=await act.now(),
        using_db=act.database,
    )
    after = {"externalId": action.external_id, "title": title}
    await act.record(AuditAction.ACTION_OPENED, action, delivery.contract.organisation_id, after=after)
    return action
