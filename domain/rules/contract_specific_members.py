"""Contract-specific members: members of a group for one contract only (manual 3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.models import AuditAction, Contract, Group, GroupLink, Membership
from domain.policies.abilities import Ability
from domain.refusals import ContractEnded, Findings, Forbidden, GroupLinkEnded
from domain.rules.action_release import release_lost_actions
from domain.rules.group_members import add_specific_members, check_members, end_memberships
from domain.rules.saving import save_next_version


@dataclass(frozen=True)
class SpecificMembersChange:
    """A link whose contract-specific members were set, and what ended with that.

    Attributes:
        link: The link.
        ended_membership_ids: The keys of the memberships that ended.
        released_action_ids: The keys of the actions that were released, whose assignees lost access.
    """

    link: GroupLink
    ended_membership_ids: Sequence[int] = ()
    released_action_ids: Sequence[int] = ()


async def set_contract_specific_members(
    *, actor: Actor, group_link_id: int | None, version: int, user_ids: Sequence[int | None]
) -> SpecificMembersChange:
    """Sets the contract-specific members of a group on a contract; the memberships of the others end.

    Args:
        actor: An ADMINISTRATOR of the organisation that carries out the contract.
        group_link_id: The key of the link between group and contract.
        version: The version of the link that the selection was made from.
        user_ids: The keys of all contract-specific members. Current members may be selected even if their right has
            lapsed; with a new work relation they become members through that. Only people with an active work relation
            and right can be added.

    Raises:
        NotFound: The actor sees no such link.
        Forbidden: The actor doesn't administer the contract.
        GroupLinkEnded: The group was unlinked.
        ContractEnded: The contract is read-only.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: One for each person who can't be selected, with the position in the list.
    """
    async with actor_transaction(actor) as act:
        link = await act.find(GroupLink, group_link_id, visibility.group_link, "groupLinkId", lock_organisation=True)
        await _require_editable(act, link)
        require_version(link, version)
        return await _set_members(act, link, user_ids)


async def _require_editable(act: ActorTransaction, link: GroupLink) -> None:
    # Locked, so that the contract doesn't end before the members are set.
    locked = Contract.filter(id=link.contract_id).select_for_update(no_key=True).using_db(act.database)
    contract = await locked.get()
    if not await act.holds(visibility.administrators_of, contract):
        raise Forbidden
    if link.ended_at is not None:
        group = await Group.get(id=link.group_id, using_db=act.database)
        raise GroupLinkEnded("groupLinkId", name=group.name)
    if contract.ended_at is not None:
        raise ContractEnded("groupLinkId")
    await act.require(Ability.ADMINISTER, contract)


async def _set_members(act: ActorTransaction, link: GroupLink, user_ids: Sequence[int | None]) -> SpecificMembersChange:
    open_memberships = Membership.filter(group_link_id=link.id, ended_at=None).using_db(act.database)
    current = {membership.user_id: membership for membership in await open_memberships}
    findings = Findings()
    joining = await check_members(act, findings, link.organisation_id, user_ids, current)
    findings.raise_if_any()
    joining_ids = {relation.user_id for relation in joining}
    ending = sorted(each.id for key, each in current.items() if key not in user_ids or key in joining_ids)
    if not (joining or ending):
        return SpecificMembersChange(link)
    await end_memberships(act, ending)
    await add_specific_members(act, link, joining)
    await save_next_version(act, link)
    before = {"members": sorted(current)}
    after = {"members": sorted({*(key for key in current if key in user_ids), *joining_ids})}
    if returned := sorted(joining_ids & current.keys()):
        after["returned"] = returned
    await act.record(AuditAction.CONTRACT_SPECIFIC_MEMBERS_SET, link, link.organisation_id, before=before, after=after)
    return SpecificMembersChange(link, ending, await release_lost_actions(act, [link.contract_id]))
