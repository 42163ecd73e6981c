"""Contracts that haven't ended; ended ones are read-only."""

from domain.models import Contract
from domain.refusals import ContractEnded


def require_running(contract: Contract, *path: str) -> None:
    """Requires that the contract hasn't ended.

    Raises:
        ContractEnded: It is read-only.
    """
    if contract.ended_at is not None:
        raise ContractEnded(*path)
