"""Contract-specific members (manual 3.5)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.models import Action, AuditEntry, Contract, GroupLink, Membership
from domain.refusals import (
    ContractEnded,
    Forbidden,
    GivenTwice,
    GroupLinkEnded,
    MemberWithoutActiveRight,
    NotFound,
    StaleVersion,
)
from domain.rules.contract_groups import set_contract_groups
from domain.rules.contract_specific_members import set_contract_specific_members
from tests import rows
from tests.access_cast import EVERYONE, Cast
from tests.domain.rules.team import Team, a_team
from tests.gql.execution import captured_statements
from tests.refusals import assert_refusals, assert_refused


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member."""
    return await a_team(cast)


async def select(team: Team, user_ids: Sequence[int | None], actor: str = "admin", version: int = 1) -> GroupLink:
    change = await set_contract_specific_members(
        actor=team.cast.actors[actor], group_link_id=team.link.id, version=version, user_ids=user_ids
    )
    return change.link


async def members(team: Team) -> list[int]:
    memberships = await Membership.filter(group_link_id=team.link.id, ended_at=None).order_by("id")
    return [row.user_id for row in memberships]


async def test_a_selection_replaces_the_members(team: Team):
    first, second = [await rows.a_person_with_right(team.cast.organisation) for _ in range(2)]

    link = await select(team, [first.user_id, second.user_id])
    assert (await members(team), link.version) == ([first.user_id, second.user_id], 2)

    link = await select(team, [second.user_id], version=2)
    assert (await members(team), link.version) == ([second.user_id], 3)


async def test_more_members_take_no_more_statements(team: Team):
    people = [(await rows.a_person_with_right(team.cast.organisation)).user_id for _ in range(5)]
    with captured_statements() as for_one:
        await select(team, people[:1])
    with captured_statements() as for_five:
        await select(team, people, version=2)
    assert await members(team) == people
    assert len(for_five) == len(for_one)
    assert (await Contract.get(id=team.contract.id)).version == 1


async def test_the_same_selection_changes_nothing(team: Team):
    assert (await select(team, [])).version == 1


async def test_a_user_who_cannot_be_selected_is_refused_with_the_index(team: Team):
    without_right = await team.cast.a_colleague()
    eligible = await rows.a_person_with_right(team.cast.organisation)
    async with assert_refused(MemberWithoutActiveRight, "memberUserIds", "1", name="Sofie De Smet"):
        await select(team, [eligible.user_id, without_right.user_id])
    async with assert_refused(NotFound, "memberUserIds", "1"):
        await select(team, [eligible.user_id, team.cast.people["outsider"].id])
    async with assert_refused(NotFound, "memberUserIds", "0"):
        await select(team, [None])
    async with assert_refused(GivenTwice, "memberUserIds", "1", what=(await eligible.user).full_name):
        await select(team, [eligible.user_id, eligible.user_id])


async def test_every_user_who_cannot_be_selected_is_reported(team: Team):
    without_right, eligible = await team.cast.a_colleague(), await rows.a_person_with_right(team.cast.organisation)
    outsider = team.cast.people["outsider"].id
    refusals = (
        (MemberWithoutActiveRight, "memberUserIds.1"),
        (NotFound, "memberUserIds.2"),
        (GivenTwice, "memberUserIds.3"),
        (NotFound, "memberUserIds.4"),
    )
    async with assert_refusals(*refusals):
        await select(team, [eligible.user_id, without_right.user_id, outsider, eligible.user_id, None])


async def test_a_member_whose_right_has_lapsed_may_stay(team: Team):
    lapsed = await rows.a_work_relation(organisation=team.cast.organisation)
    await rows.a_membership(team.group, lapsed, team.link)
    eligible = await rows.a_person_with_right(team.cast.organisation)

    await select(team, [lapsed.user_id, eligible.user_id])

    assert await members(team) == [lapsed.user_id, eligible.user_id]


async def test_a_selected_user_with_a_new_work_relation_is_a_member_by_it(team: Team):
    day = await rows.today()
    user = await rows.a_user()
    old = await rows.a_work_relation(user, team.cast.organisation, last_day=day - timedelta(days=9))
    await rows.a_membership(team.group, old, team.link)
    new = await rows.a_work_relation(user, team.cast.organisation, first_day=day)
    await select(team, [user.id])
    await rows.a_right(new)

    link = await select(team, [user.id])

    assert (await members(team), link.version) == ([user.id], 2)
    assert (await Membership.get(user_id=user.id, ended_at=None)).work_relation_id == new.id
    entry = await AuditEntry.get()
    assert (entry.before, entry.after) == ({"members": [user.id]}, {"members": [user.id], "returned": [user.id]})


async def test_actions_of_a_removed_member_are_released(team: Team):
    specific = await rows.a_person_with_right(team.cast.organisation)
    await select(team, [specific.user_id])
    action = await rows.an_action(team.contract, assignee=await specific.user)

    await select(team, [], version=2)

    assert (await Action.get(id=action.id)).status == "OPEN"
    assert (await Action.get(id=team.action.id)).status == "ASSIGNED"


async def test_unlinking_the_group_ends_the_memberships(team: Team):
    specific = await rows.a_person_with_right(team.cast.organisation)
    await select(team, [specific.user_id])

    await set_contract_groups(actor=team.cast.actors["admin"], contract_id=team.contract.id, version=1, group_ids=[])

    assert await members(team) == []
    assert (await Action.get(id=team.action.id)).status == "OPEN"
    async with assert_refused(GroupLinkEnded, "groupLinkId", name="Ploeg Noord"):
        await select(team, [], version=2)


async def test_a_stale_version_is_refused_with_the_current_state(team: Team):
    specific = await rows.a_person_with_right(team.cast.organisation)
    link = await select(team, [specific.user_id])
    async with assert_refused(StaleVersion, "version", current=link, version=2, given=1):
        await select(team, [])


async def test_an_ended_contract_is_read_only(team: Team):
    await Contract.filter(id=team.contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    async with assert_refused(ContractEnded, "groupLinkId"):
        await select(team, [])


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal"}])
async def test_only_administrators_select_members(team: Team, who: str):
    if who == "user":
        async with assert_refused(Forbidden):
            await select(team, [], who)
    else:
        async with assert_refused(NotFound, "groupLinkId"):
            await select(team, [], who)
