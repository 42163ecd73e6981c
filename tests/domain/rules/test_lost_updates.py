"""Many at once on the same thing: a change made from an older version is refused, and none is applied half."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from domain.models import AuditEntry, Contract, DocumentLevel, Group, GroupLink, GroupThemeLevel, Membership
from domain.refusals import StaleVersion
from domain.rules.contract_groups import set_contract_groups
from domain.rules.contract_specific_members import set_contract_specific_members
from domain.rules.group_update import GroupUpdate, update_group
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.team import Team, a_team

EDITS = 500
LEVELS = (DocumentLevel.READ, DocumentLevel.SEND)


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member."""
    return await a_team(cast)


async def outcomes(edit: Callable[[int], Coroutine[Any, Any, Any]], times: int = EDITS) -> list[int]:
    """Which of the edits that were made at once were taken; the others were refused as stale, with what is now."""
    answers = await asyncio.gather(*(edit(place) for place in range(times)), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            assert isinstance(answer, StaleVersion), answer
            assert answer.facts["current"].version == answer.facts["version"] > answer.facts["given"]
    return [place for place, answer in enumerate(answers) if not isinstance(answer, BaseException)]


async def test_two_administrators_editing_one_group_lose_no_update(team: Team):
    people = [await rows.a_person_with_right(team.cast.organisation) for _ in range(2)]

    async def edit(place: int) -> None:
        version = (await Group.get(id=team.group.id)).version
        side = place % 2
        change = GroupUpdate(
            description=f"Beschrijving {place}",
            theme_levels=[("INVOICING", LEVELS[side])],
            member_user_ids=[people[side].user_id],
        )
        actor = team.cast.actors[("admin", "legal")[side]]
        await update_group(actor=actor, group_id=team.group.id, version=version, update=change)

    taken = await outcomes(edit)

    group = await Group.get(id=team.group.id)
    assert (group.version, await AuditEntry.filter(action="GROUP_UPDATED").count()) == (1 + len(taken), len(taken))
    last = int(group.description.split()[-1])
    assert last in taken
    assert (await GroupThemeLevel.get(group_id=group.id, valid_to=None)).level == LEVELS[last % 2]
    assert (await Membership.get(group_id=group.id, ended_at=None)).user_id == people[last % 2].user_id


async def test_of_two_changes_of_one_version_one_is_taken(team: Team):
    taken = await outcomes(lambda place: team.update(version=1, description=f"Beschrijving {place}"), 20)
    assert len(taken) == 1
    assert (await Group.get(id=team.group.id)).description == f"Beschrijving {taken[0]}"


async def test_of_two_selections_of_one_version_one_is_taken(team: Team):
    person = await rows.a_person_with_right(team.cast.organisation)

    async def members(place: int) -> None:
        await set_contract_specific_members(
            actor=team.cast.actors["admin"],
            group_link_id=team.link.id,
            version=1,
            user_ids=[person.user_id, team.member.user_id][: place % 2 + 1],
        )

    assert len(await outcomes(members, 20)) == 1
    assert (await GroupLink.get(id=team.link.id)).version == 2


async def test_deleting_linking_and_changing_at_once_wait_for_each_other(team: Team):
    other = await rows.a_group(team.cast.organisation)
    contracts = [team.contract, await rows.a_contract(team.cast.organisation)]

    async def act(place: int) -> None:
        if place == 7:
            await team.delete(version=1)
        else:
            contract = contracts[place % 2]
            version = (await Contract.get(id=contract.id)).version
            await set_contract_groups(
                actor=team.cast.actors["admin"], contract_id=contract.id, version=version, group_ids=[other.id]
            )

    assert 7 in await outcomes(act, 16)
    assert await GroupLink.filter(group_id=team.group.id, ended_at=None).count() == 0
