"""Removing a fixed member from a group (manual 3.2)."""

import pytest

from domain.models import Action, Group, Membership
from domain.refusals import Forbidden, NotFound
from domain.rules.group_members import remove_group_member
from tests.access_cast import EVERYONE, Cast
from tests.domain.rules.team import Team, a_team
from tests.refusals import assert_refused


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member."""
    return await a_team(cast)


async def remove(team: Team, user_id: int | None, actor: str = "admin") -> Group:
    removed = await remove_group_member(actor=team.cast.actors[actor], group_id=team.group.id, user_id=user_id)
    return removed.group


async def test_a_member_is_removed(team: Team):
    assert (await remove(team, team.member.user_id)).version == 2
    assert (await Membership.get(user_id=team.member.user_id)).ended_at is not None
    assert (await Action.get(id=team.action.id)).status == "OPEN"
    async with assert_refused(NotFound, "userId"):
        await remove(team, team.member.user_id)
    async with assert_refused(NotFound, "userId"):
        await remove(team, None)


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal"}])
async def test_only_administrators_remove_members(team: Team, who: str):
    kind, path = (Forbidden, ()) if who == "user" else (NotFound, ("id",))
    async with assert_refused(kind, *path):
        await remove(team, team.member.user_id, who)
