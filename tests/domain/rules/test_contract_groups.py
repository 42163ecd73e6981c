"""Linking groups to a contract, and unlinking them (manual 3.4)."""

from typing import Any

import pytest

from domain.models import Action, AuditEntry, Contract, Group, GroupLink, Membership
from domain.refusals import ContractEnded, Forbidden, GivenTwice, GroupInactive, NotFound, PersonRequired, StaleVersion
from domain.rules.contract_groups import set_contract_groups
from tests import rows
from tests.access_cast import EVERYONE, Cast
from tests.domain.rules.team import Team, a_team
from tests.refusals import assert_refusals, assert_refused
from tests.table_contents import assert_tables_unchanged


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member who has work in hand."""
    return await a_team(cast)


async def link_groups(team: Team, *groups: Group | int | None, version: int = 1, who: str = "admin") -> Contract:
    group_ids = [group.id if isinstance(group, Group) else group for group in groups]
    change = await set_contract_groups(
        actor=team.cast.actors[who], contract_id=team.contract.id, version=version, group_ids=group_ids
    )
    return change.contract


async def another_group(team: Team, name: str = "Ploeg Zuid", **columns: Any) -> Group:
    return await rows.a_group(team.cast.organisation, name, **columns)


async def linked_group_ids(team: Team) -> set[int]:
    return {link.group_id for link in await GroupLink.filter(contract_id=team.contract.id, ended_at=None)}


async def test_a_selection_replaces_the_links(team: Team):
    south, east = await another_group(team), await another_group(team, "Ploeg Oost")

    contract = await link_groups(team, south, east)

    assert (contract.version, await linked_group_ids(team)) == (2, {south.id, east.id})
    ended = await GroupLink.get(id=team.link.id)
    assert (ended.ended_at is None, ended.ended_by_id) == (False, team.cast.people["admin"].id)
    assert {link.linked_by_id for link in await GroupLink.filter(group_id__in=[south.id, east.id])} == {
        team.cast.people["admin"].id
    }


async def test_a_group_that_stays_keeps_its_link_and_its_specific_members(team: Team):
    specific = await rows.a_membership(team.group, None, team.link)
    await link_groups(team, team.group, await another_group(team))
    assert (await GroupLink.get(id=team.link.id)).ended_at is None
    assert (await Membership.get(id=specific.id)).ended_at is None


async def test_a_selection_is_audited_with_before_and_after(team: Team):
    south = await another_group(team)
    await link_groups(team, south, team.group)
    entry = await AuditEntry.get(action="CONTRACT_GROUPS_SET", subject_id=team.contract.id)
    assert (entry.actor_id, entry.organisation_id) == (team.cast.people["admin"].id, team.cast.organisation.id)
    assert (entry.before, entry.after) == ({"groups": [team.group.id]}, {"groups": sorted([south.id, team.group.id])})


async def test_an_empty_selection_ends_all_links_and_releases_actions(team: Team):
    specific = await rows.a_membership(team.group, None, team.link)
    await link_groups(team)
    assert await linked_group_ids(team) == set()
    assert (await Membership.get(id=specific.id)).ended_at is not None
    assert (await Action.get(id=team.action.id)).status == "OPEN"


async def test_a_group_that_is_linked_again_has_a_new_link_without_specific_members(team: Team):
    await rows.a_membership(team.group, None, team.link)
    await link_groups(team)
    await link_groups(team, team.group, version=2)
    link = await GroupLink.get(contract_id=team.contract.id, ended_at=None)
    assert link.id != team.link.id
    assert not await Membership.exists(group_link_id=link.id)


async def test_the_same_selection_changes_nothing(team: Team):
    async with assert_tables_unchanged():
        assert (await link_groups(team, team.group)).version == 1


async def test_a_group_that_cannot_be_selected_is_refused_with_its_index(team: Team):
    foreign_group = await rows.a_group(await rows.an_organisation())
    for group_id in (foreign_group, 2**62, None):
        async with assert_refused(NotFound, "groupIds", "1"):
            await link_groups(team, team.group, group_id)
    deleted = await another_group(team, active=False)
    async with assert_refused(GroupInactive, "groupIds", "0", name="Ploeg Zuid"):
        await link_groups(team, deleted, team.group)
    async with assert_refused(GivenTwice, "groupIds", "1", what="Ploeg Noord"):
        await link_groups(team, team.group, team.group)


async def test_every_group_that_cannot_be_selected_is_reported(team: Team):
    deleted = await another_group(team, active=False)
    foreign_group = await rows.a_group(await rows.an_organisation())
    refusals = (
        (GroupInactive, "groupIds.1"),
        (NotFound, "groupIds.2"),
        (GivenTwice, "groupIds.3"),
        (NotFound, "groupIds.4"),
    )
    async with assert_refusals(*refusals):
        await link_groups(team, team.group, deleted, foreign_group, team.group, None)


async def test_a_stale_version_is_refused_with_the_current_state(team: Team):
    current = await link_groups(team)
    async with assert_refused(StaleVersion, "version", current=current, version=2, given=1):
        await link_groups(team, team.group)


async def test_an_ended_contract_is_read_only(team: Team):
    await Contract.filter(id=team.contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    async with assert_refused(ContractEnded, "contractId"):
        await link_groups(team)


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal"}])
async def test_only_administrators_link_groups(team: Team, who: str):
    # The user sees the contract through the group; the machine client belongs to another authority.
    async with assert_refused(Forbidden) if who == "user" else assert_refused(NotFound, "contractId"):
        await link_groups(team, who=who)


async def test_the_awarding_authority_may_not_link_groups(team: Team):
    authority = team.contract.contracting_authority_id
    machine = team.cast.actors["machine"].__class__(authority_id=authority, name="Systeem")
    async with assert_refused(PersonRequired):
        await set_contract_groups(actor=machine, contract_id=team.contract.id, version=1, group_ids=[])
