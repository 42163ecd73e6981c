"""Contracts: the groups tied to them."""

from typing import Any

from domain.actor import Actor
from domain.models import Contract
from domain.rules.contract_groups import set_contract_groups as tie
from gql.reading.ids import key_of


async def set_contract_groups(actor: Actor, given: Any) -> Contract:
    """Makes a selection of groups the ones that are tied to a contract."""
    return await tie(
        actor=actor,
        contract_id=key_of("Contract", given.contract_id),
        version=given.version,
        group_ids=[key_of("Group", each) for each in given.group_ids],
    )
