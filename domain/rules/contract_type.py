"""Types of contracts, looked up by their codes."""

from domain.actor_transaction import ActorTransaction
from domain.models import ContractType
from domain.refusals import ContractTypeUnknown, Findings


async def find_contract_type_id(act: ActorTransaction, findings: Findings, code: str, *path: str) -> int | None:
    """The key of the type with a code; None for an unknown one, which is refused in `findings`."""
    types = {kind.code: kind.id for kind in await ContractType.all().order_by("id").using_db(act.database)}
    if code not in types:
        findings.add(ContractTypeUnknown(*path, code=code, possible=", ".join(types)))
    return types.get(code)
