"""Groups tied to contracts: their contract-specific members."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import GroupLink
from domain.rules.specific_members import set_contract_specific_members as select
from gql.reading.ids import key_of

if TYPE_CHECKING:
    from gql.schema.group_link import SetContractSpecificMembersInput


async def set_contract_specific_members(actor: Actor, input: "SetContractSpecificMembersInput") -> GroupLink:
    """Makes a selection of people the contract-specific members."""
    return await select(
        actor=actor,
        group_link_id=key_of("GroupLink", input.group_link_id),
        version=input.version,
        user_ids=[key_of("User", each) for each in input.member_user_ids],
    )
