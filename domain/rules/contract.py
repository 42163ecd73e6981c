"""Contracts that a contracting authority's system corrects and ends."""

from dataclasses import dataclass
from typing import Any, Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, Contract, ContractType
from domain.refusals import Findings
from domain.rules.action_release import hold_undone_actions
from domain.rules.authority import awarded_contract, require_running
from domain.rules.contract_types import contract_type_id
from domain.rules.saving import save
from domain.text_fields import required_reason, required_text
from domain.unchanged import UNCHANGED, Unchanged

_UNDER_WAY: Final = """select from document
  where contract_id = $1::bigint and status in ('DRAFT', 'EXPECTED') and deleted_at is null
  order by id for no key update"""
"""The documents that are being drawn up, uploaded or sent on a contract at this moment: waited for, and held."""


@dataclass(frozen=True)
class CorrectedContract:
    """What is corrected of a contract; what is left out stays as it is."""

    number: str | Unchanged = UNCHANGED
    title: str | Unchanged = UNCHANGED
    type_code: str | Unchanged = UNCHANGED


async def correct_contract(*, actor: Actor, contract_id: int | None, change: CorrectedContract) -> Contract:
    """Corrects number, title or type; nobody is mailed.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        change: What is corrected.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
        ContractEnded: The contract is read-only.
        Refusals: What is wrong with what was given, each with its field.
    """
    async with actor_transaction(actor) as act:
        contract = await awarded_contract(act, contract_id, "id")
        require_running(contract, "id")
        findings = Findings()
        asked: dict[str, Any] = {}
        if not isinstance(change.number, Unchanged):
            asked["number"] = required_text(findings, change.number, "number")
        if not isinstance(change.title, Unchanged):
            asked["title"] = required_text(findings, change.title, "title")
        if not isinstance(change.type_code, Unchanged):
            asked["type_id"] = await contract_type_id(act, findings, change.type_code, "typeCode")
        findings.raise_if_any()
        changed = {name: value for name, value in asked.items() if value != getattr(contract, name)}
        if changed:
            before = {name: getattr(contract, name) for name in changed}
            await save(act, contract, **changed)
            old, new = [await _audit_values(act, values) for values in (before, changed)]
            await act.record(AuditAction.CONTRACT_CORRECTED, contract, contract.organisation_id, before=old, after=new)
    return contract


async def _audit_values(act: ActorTransaction, values: dict[str, Any]) -> dict[str, Any]:
    """The same for people who read the audit log: a type by its code."""
    audit_values = dict(values)
    if "type_id" in audit_values:
        audit_values["type"] = (await ContractType.get(id=audit_values.pop("type_id"), using_db=act.database)).code
    return audit_values


async def end_contract(*, actor: Actor, contract_id: int | None, reason: str) -> Contract:
    """Ends a contract: it can only be read from then on, and nobody is mailed about it. A repeat changes nothing.

    What somebody is doing on it at this moment is done before, or refused. Mails that were routed before go out.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        reason: Why.

    Raises:
        NotFound: The actor sees no such contract.
        MachineClientRequired: The actor is a person.
        Refusals: There is no reason.
    """
    async with actor_transaction(actor) as act:
        contract = await awarded_contract(act, contract_id, "id")
        text = required_reason(reason)
        if contract.ended_at is None:
            # Whoever works on a document or an action holds it, and has seen then that the contract runs.
            await act.database.execute_query_dict(_UNDER_WAY, [contract.id])
            await hold_undone_actions(act, [contract.id])
            await save(act, contract, ended_at=await act.now(), end_reason=text)
            await act.record(AuditAction.CONTRACT_ENDED, contract, contract.organisation_id, reason=text)
    return contract
