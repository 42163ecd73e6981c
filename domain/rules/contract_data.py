"""The organisation's own data about a contract: its own reference and e-mail address (manual 4.1)."""

from dataclasses import dataclass
from typing import Any, Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.models import AuditAction, Contract
from domain.policies.abilities import Ability
from domain.refusals import ContractEnded, Findings
from domain.rules.saving import save_next_version
from domain.text_fields import optional_email, required_text
from domain.unchanged import UNCHANGED, Unchanged
from domain.visibility.access import may_write_reference

_WRITERS: Final = visibility.administrators_of | may_write_reference("{row}.id", "{row}.type_id")
"""Who may change these data until the contract has ended."""
_AUDIT_NAMES: Final = {"own_reference": "ownReference", "email": "email"}
"""The name of each column in the audit log, which is that of the API."""


@dataclass(frozen=True)
class ContractUpdate:
    """An update of a contract; `UNCHANGED` fields stay as they are, None empties."""

    own_reference: str | Unchanged | None = UNCHANGED
    email: str | Unchanged | None = UNCHANGED


async def update_contract(*, actor: Actor, contract_id: int | None, version: int, update: ContractUpdate) -> Contract:
    """Changes the own reference and the e-mail address of a contract.

    Args:
        actor: An ADMINISTRATOR of the organisation, or a USER with reference level WRITE for the contract's type.
        contract_id: The contract's key.
        version: The version that the change was made from.
        update: The new values.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor may only read these data.
        ContractEnded: The contract is read-only.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: One for each field that is wrong.
    """
    async with actor_transaction(actor) as act:
        contract = await act.find(Contract, contract_id, visibility.contract, "id", prefetch=Ability.UPDATE)
        if contract.ended_at is not None and await act.holds(_WRITERS, contract):
            raise ContractEnded("id")
        await act.require(Ability.UPDATE, contract)
        require_version(contract, version)
        await _save_columns(act, contract, _changed_columns(contract, update))
    return contract


def _changed_columns(contract: Contract, update: ContractUpdate) -> dict[str, Any]:
    """The columns whose value changes, with the new one."""
    findings, columns = Findings(), {}
    if not isinstance(update.own_reference, Unchanged):
        # A blank reference is emptied, since nobody intends a reference of spaces.
        text = (update.own_reference or "").strip()
        columns["own_reference"] = required_text(findings, text, "ownReference") if text else None
    if not isinstance(update.email, Unchanged):
        columns["email"] = optional_email(findings, update.email, "email")
    findings.raise_if_any()
    return {name: value for name, value in columns.items() if value != getattr(contract, name)}


async def _save_columns(act: ActorTransaction, contract: Contract, columns: dict[str, Any]) -> None:
    if not columns:
        return
    before = {name: getattr(contract, name) for name in columns}
    await save_next_version(act, contract, **columns)
    before, after = ({_AUDIT_NAMES[name]: value for name, value in values.items()} for values in (before, columns))
    await act.record(AuditAction.CONTRACT_UPDATED, contract, contract.organisation_id, before=before, after=after)
