"""Deleting a group, and reactivating it (manual 3.1.1 and 3.3)."""

import pytest

from domain.models import Action, Assignment, Contract, DocumentLevel, Group, GroupLink, GroupThemeLevel, Membership
from domain.refusals import Forbidden, GroupDeleted, GroupNameInactive, NotFound, StaleVersion
from domain.rules.group import NewGroup, create_group
from domain.rules.group_name import InactiveGroupChoice
from tests import rows
from tests.access_cast import EVERYONE, Cast
from tests.domain.rules.team import Team, a_team
from tests.refusals import assert_refused


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member."""
    return await a_team(cast)


async def create_again(team: Team, choice: InactiveGroupChoice | None) -> Group:
    new = NewGroup(name="ploeg noord", description="Nieuw", on_inactive=choice)
    organisation = team.cast.organisation
    return (await create_group(actor=team.cast.actors["admin"], organisation_id=organisation.id, new=new)).group


async def test_deleting_a_group_makes_it_inactive_and_ends_its_links(team: Team):
    specific = await rows.a_membership(team.group, None, team.link)

    group = await team.delete()

    stored = await Group.get(id=group.id)
    assert (stored.active, stored.deactivated_at is None, stored.version) == (False, False, 2)
    assert (await GroupLink.get(id=team.link.id)).ended_by_id == team.cast.people["admin"].id
    assert (await Membership.get(id=specific.id)).ended_at is not None
    assert (await Membership.get(user_id=team.member.user_id)).ended_at is None
    assert (await Contract.get(id=team.contract.id)).version == 2


async def test_deleting_a_group_releases_the_actions_of_its_members(team: Team):
    await team.delete()

    action = await Action.get(id=team.action.id)
    assert (action.status, action.assignee_id) == ("OPEN", None)
    assignment = await Assignment.get(action_id=action.id)
    assert (assignment.released_at is None, assignment.released_by_id) == (False, None)


async def test_the_name_of_a_deleted_group_offers_overwriting_or_reactivating(team: Team):
    group = await team.delete()
    choices = tuple(InactiveGroupChoice)
    async with assert_refused(GroupNameInactive, "name", name="Ploeg Noord", group=group, choices=choices):
        await create_again(team, None)


async def test_a_reactivated_group_is_as_it_was_without_its_links(team: Team):
    lapsed = await rows.a_work_relation(organisation=team.cast.organisation)
    await rows.a_membership(team.group, lapsed)
    await team.delete()

    group = await create_again(team, InactiveGroupChoice.REACTIVATE)

    assert (group.id, group.name, group.active) == (team.group.id, "Ploeg Noord", True)
    assert (group.description, group.email) == (team.group.description, "noord@aannemer.example")
    assert (await GroupThemeLevel.get(group_id=group.id)).level == DocumentLevel.SEND
    members = await Membership.filter(group_id=group.id, ended_at=None).order_by("id")
    assert [row.user_id for row in members] == [team.member.user_id, lapsed.user_id]
    assert not await GroupLink.exists(group_id=group.id, ended_at=None)


async def test_an_overwritten_group_is_archived(team: Team):
    await team.delete()

    group = await create_again(team, InactiveGroupChoice.OVERWRITE)

    assert (group.id == team.group.id, group.description, group.active) == (False, "Nieuw", True)
    assert (await Group.get(id=team.group.id)).archived
    assert not await Membership.exists(group_id=group.id)


async def test_a_group_is_deleted_once_and_from_its_current_version(team: Team):
    changed = await team.update(description="Anders")
    async with assert_refused(StaleVersion, "version", current=changed, version=2, given=1):
        await team.delete(version=1)
    await team.delete()
    async with assert_refused(GroupDeleted, "id", name="Ploeg Noord"):
        await team.delete()


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal"}])
async def test_only_administrators_delete_a_group(team: Team, who: str):
    kind, path = (Forbidden, ()) if who == "user" else (NotFound, ("id",))
    async with assert_refused(kind, *path):
        await team.delete(who)
