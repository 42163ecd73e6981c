"""Contracts that a contracting authority's system corrects and ends."""

from dataclasses import dataclass
from typing import Any, Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, Contract, ContractType, FormerContractType
from domain.refusals import Findings
from domain.rules.action_lock import lock_unfinished_actions
from domain.rules.awarded_contract import find_awarded_contract
from domain.rules.contract_type import find_contract_type_id
from domain.rules.running_contract import require_running
from domain.rules.saving import save
from domain.text_fields import required_reason, required_text
from domain.unchanged import UNCHANGED, Unchanged

_LOCK_DOCUMENTS_UNDER_WAY: Final = """select from document
  where contract_id = $1::bigint and status in ('DRAFT', 'EXPECTED') and deleted_at is null
  order by id for no key update"""
"""Waits for transactions that are changing drafts and expected documents on the contract, and locks these documents."""


@dataclass(frozen=True)
class ContractCorrection:
    """A correction of a contract; `UNCHANGED` fields stay as they are."""

    number: str | Unchanged = UNCHANGED
    title: str | Unchanged = UNCHANGED
    type_code: str | Unchanged = UNCHANGED


async def correct_contract(*, actor: Actor, contract_id: int | None, correction: ContractCorrection) -> Contract:
    """Corrects number, title or type; nobody is mailed.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        correction: The new values.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
        ContractEnded: The contract is read-only.
        Refusals: One for each field that is wrong.
    """
    async with actor_transaction(actor) as act:
        contract = await find_awarded_contract(act, contract_id, "id")
        require_running(contract, "id")
        findings = Findings()
        columns: dict[str, Any] = {}
        if not isinstance(correction.number, Unchanged):
            columns["number"] = required_text(findings, correction.number, "number")
        if not isinstance(correction.title, Unchanged):
            columns["title"] = required_text(findings, correction.title, "title")
        if not isinstance(correction.type_code, Unchanged):
            columns["type_id"] = await find_contract_type_id(act, findings, correction.type_code, "typeCode")
        findings.raise_if_any()
        changed = {name: value for name, value in columns.items() if value != getattr(contract, name)}
        if changed:
            before = await _audit_values(act, {name: getattr(contract, name) for name in changed})
            if "type_id" in changed:
                await _keep_type(act, contract)
            await save(act, contract, **changed)
            after = await _audit_values(act, changed)
            await act.record(
                AuditAction.CONTRACT_CORRECTED, contract, contract.organisation_id, before=before, after=after
            )
    return contract


async def _keep_type(act: ActorTransaction, contract: Contract) -> None:
    """Keeps the type that a contract had until now: access on a past day depends on it."""
    former = FormerContractType.filter(contract_id=contract.id).using_db(act.database).order_by("-valid_to")
    previous = await former.first()
    await FormerContractType.create(
        contract_id=contract.id,
        type_id=contract.type_id,
        valid_from=previous.valid_to if previous else contract.published_at,
        valid_to=await act.now(),
        using_db=act.database,
    )


async def _audit_values(act: ActorTransaction, values: dict[str, Any]) -> dict[str, Any]:
    """The columns as the audit log shows them: the type by its code."""
    audit_values = dict(values)
    if "type_id" in audit_values:
        audit_values["type"] = (await ContractType.get(id=audit_values.pop("type_id"), using_db=act.database)).code
    return audit_values


async def end_contract(*, actor: Actor, contract_id: int | None, reason: str) -> Contract:
    """Ends a contract: it is read-only from then on, and nobody is mailed about it. A repeat changes nothing.

    Concurrent changes on it are completed before or refused. Mails that were already routed are sent.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        reason: Why.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
        Refusals: The reason is missing or invalid.
    """
    async with actor_transaction(actor) as act:
        contract = await find_awarded_contract(act, contract_id, "id")
        text = required_reason(reason)
        if contract.ended_at is None:
            # A change of a document or an action locks it before it checks that the contract hasn't ended.
            await act.database.execute_query_dict(_LOCK_DOCUMENTS_UNDER_WAY, [contract.id])
            await lock_unfinished_actions(act, [contract.id])
            await save(act, contract, ended_at=await act.now(), end_reason=text)
            await act.record(AuditAction.CONTRACT_ENDED, contract, contract.organisation_id, reason=text)
    return contract
