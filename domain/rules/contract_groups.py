"""Which groups are tied to a contract (manual 3.4)."""

from collections.abc import Sequence

from domain import visibility
from domain.acting import Acting, acting, require_version
from domain.actor import Actor
from domain.clock import MOMENT
from domain.models import Contract, Group, GroupLink, Membership
from domain.policies.abilities import Ability
from domain.predicate import Where
from domain.refusals import ContractEnded, Findings, GivenTwice, GroupInactive, NotFound
from domain.rules.action_release import release_lost_actions
from domain.rules.turns import take_turn


async def set_contract_groups(
    *, actor: Actor, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> Contract:
    """Makes a selection of groups the ones that are tied to a contract: the rest is untied.

    Args:
        actor: An ADMINISTRATOR of the organisation that carries out the contract.
        contract_id: The contract's key.
        version: The version of the contract that the selection was made from.
        group_ids: The keys of all groups to be tied; active ones of the same organisation.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor doesn't administer it.
        ContractEnded: It is read-only.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: Groups that can't be selected, each with its place in the list.
    """
    async with acting(actor) as act:
        contract, _ = await tie_groups(act, contract_id, version, group_ids)
    return contract


async def tie_groups(
    act: Acting, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> tuple[Contract, list[int]]:
    """The same inside a transaction; gives the keys of the actions that were released, too."""
    await take_turn(act, Contract, contract_id)
    contract = await act.find(Contract, contract_id, visibility.contract, "contractId")
    if contract.ended_at is not None and await act.holds(visibility.contract_administrators, contract):
        raise ContractEnded("contractId")
    await act.require(Ability.ADMINISTER, contract)
    require_version(contract, version)
    groups = await _selected(act, contract, group_ids)
    ended = await _tie(act, contract, groups)
    # Nobody loses access by a group that is tied.
    return contract, await release_lost_actions(act, [contract.id]) if ended else []


async def _selected(act: Acting, contract: Contract, group_ids: Sequence[int | None]) -> list[Group]:
    """The groups of the selection, locked so that none is deleted meanwhile."""
    known = [key for key in group_ids if key is not None]
    visible = Where(visibility.group, await act.standing())
    query = Group.filter(visible, id__in=known, organisation_id=contract.organisation_id)
    found = {group.id: group for group in await query.order_by("id").using_db(act.database).select_for_update()}
    findings = Findings()
    for place, key in enumerate(group_ids):
        group = found.get(key or 0)
        if group is None:
            findings.add(NotFound("groupIds", place))
        elif not group.active:
            findings.add(GroupInactive("groupIds", place, name=group.name))
        elif key in group_ids[:place]:
            findings.add(GivenTwice("groupIds", place, what=group.name))
    findings.settle()
    return list(found.values())


async def _tie(act: Acting, contract: Contract, groups: list[Group]) -> list[GroupLink]:
    """Makes these groups the tied ones; gives the links that ended."""
    links = await GroupLink.filter(contract_id=contract.id, ended_at=None).using_db(act.database)
    tied = {link.group_id: link for link in links}
    wanted = {group.id for group in groups}
    ended = [link for key, link in tied.items() if key not in wanted]
    begun = [group for group in groups if group.id not in tied]
    if not (ended or begun):
        return []
    if ended:
        await untie(act, ended)
    for group in begun:
        await GroupLink.create(
            organisation_id=contract.organisation_id,
            contract_id=contract.id,
            group_id=group.id,
            linked_by_id=act.actor.user_id,
            using_db=act.database,
        )
    contract.version += 1
    await contract.save(using_db=act.database, update_fields=["version"])
    await act.record(
        "CONTRACT_GROUPS_SET",
        contract,
        contract.organisation_id,
        before={"groups": sorted(tied)},
        after={"groups": sorted(wanted)},
    )
    return ended


async def untie(act: Acting, links: list[GroupLink]) -> None:
    """Closes links, and with them the contract-specific memberships (manual 3.5)."""
    keys = [link.id for link in links]
    closed = {"ended_at": MOMENT, "ended_by_id": act.actor.user_id}
    await Membership.filter(group_link_id__in=keys, ended_at=None).using_db(act.database).update(**closed)
    await GroupLink.filter(id__in=keys).using_db(act.database).update(**closed)
