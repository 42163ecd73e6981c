"""Links between groups and contracts: their contract-specific members."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.rules import contract_specific_members
from gql.reading.ids import key_of
from gql.resolvers.access_changes import ended_memberships, released_actions
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.group_link import SetContractSpecificMembersInput


async def set_contract_specific_members(actor: Actor, input: "SetContractSpecificMembersInput") -> PayloadFields:
    """Sets the contract-specific members of a group on a contract."""
    change = await contract_specific_members.set_contract_specific_members(
        actor=actor,
        group_link_id=key_of("GroupLink", input.group_link_id),
        version=input.version,
        user_ids=[key_of("User", each) for each in input.member_user_ids],
    )
    return PayloadFields(
        {
            "group_link": change.link,
            "ended_memberships": ended_memberships(change.ended_membership_ids),
            "released_actions": await released_actions(actor, change.released_action_ids),
        }
    )
