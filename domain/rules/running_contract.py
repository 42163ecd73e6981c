"""Contracts that haven't ended: an ended one can only be read."""

from domain.models import Contract
from domain.refusals import ContractEnded


def require_running(contract: Contract, *path: str) -> None:
    """Goes on only if the contract hasn't ended.

    Raises:
        ContractEnded: It can only be read.
    """
    if contract.ended_at is not None:
        raise ContractEnded(*path)
