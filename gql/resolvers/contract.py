"""Contracts: the groups tied to them, their own reference and address."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Contract, GroupLink, Membership
from domain.rules.contract_data import ContractData
from domain.rules.contract_data import update_contract as update
from domain.rules.contract_groups import set_contract_groups as tie
from gql.reading.ids import key_of
from gql.resolvers.released_actions import released_actions
from gql.resolvers.unset import as_given
from gql.roots import Outcome

if TYPE_CHECKING:
    from gql.schema.contract import SetContractGroupsInput, UpdateContractInput


async def set_contract_groups(actor: Actor, input: "SetContractGroupsInput") -> Outcome:
    """Makes a selection of groups the ones that are tied to a contract."""
    tied = await tie(
        actor=actor,
        contract_id=key_of("Contract", input.contract_id),
        version=input.version,
        group_ids=[key_of("Group", each) for each in input.group_ids],
    )
    # Whoever may set them sees the links and memberships that were, as well.
    links = await GroupLink.filter(id__in=tied.ended).order_by("id") if tied.ended else []
    memberships = Membership.filter(id__in=tied.ended_memberships).order_by("id")
    return Outcome(
        {
            "contract": tied.contract,
            "ended_group_links": links,
            "ended_memberships": await memberships if tied.ended_memberships else [],
            "released_actions": await released_actions(actor, tied.released),
        }
    )


async def update_contract(actor: Actor, input: "UpdateContractInput") -> Contract:
    """Changes the own reference and the e-mail address."""
    change = ContractData(own_reference=as_given(input.own_reference), email=as_given(input.email))
    return await update(actor=actor, contract_id=key_of("Contract", input.id), version=input.version, change=change)
