"""Contracts: their linked groups, own reference and e-mail address."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Contract
from domain.rules import contract_data, contract_groups
from gql.reading.ids import key_of
from gql.resolvers.access_changes import ended_group_links, ended_memberships, released_actions
from gql.resolvers.optional_fields import or_unchanged
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.contract import SetContractGroupsInput, UpdateContractInput


async def set_contract_groups(actor: Actor, input: "SetContractGroupsInput") -> PayloadFields:
    """Sets the groups that are linked to a contract."""
    change = await contract_groups.set_contract_groups(
        actor=actor,
        contract_id=key_of("Contract", input.contract_id),
        version=input.version,
        group_ids=[key_of("Group", each) for each in input.group_ids],
    )
    return PayloadFields(
        {
            "contract": change.contract,
            "ended_group_links": ended_group_links(change.ended_link_ids),
            "ended_memberships": ended_memberships(change.ended_membership_ids),
            "released_actions": await released_actions(actor, change.released_action_ids),
        }
    )


async def update_contract(actor: Actor, input: "UpdateContractInput") -> Contract:
    """Changes the own reference and the e-mail address."""
    update = contract_data.ContractUpdate(
        own_reference=or_unchanged(input.own_reference), email=or_unchanged(input.email)
    )
    return await contract_data.update_contract(
        actor=actor, contract_id=key_of("Contract", input.id), version=input.version, update=update
    )
