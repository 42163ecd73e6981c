"""Concurrent edits: one made from an older version is refused, and none is applied partly."""

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


async def applied_edits(edit: Callable[[int], Coroutine[Any, Any, Any]], count: int = EDITS) -> list[int]:
    """Makes edits concurrently; returns the numbers of those applied. The others were refused as stale."""
    results = await asyncio.gather(*(edit(number) for number in range(count)), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            assert isinstance(result, StaleVersion), result
            assert result.facts["current"].version == result.facts["version"] > result.facts["given"]
    return [number for number, result in enumerate(results) if not isinstance(result, BaseException)]


async def test_concurrent_edits_of_a_group_lose_no_update(team: Team):
    people = [await rows.a_person_with_right(team.cast.organisation) for _ in range(2)]

    async def edit(number: int) -> None:
        version = (await Group.get(id=team.group.id)).version
        parity = number % 2
        change = GroupUpdate(
            description=f"Beschrijving {number}",
            theme_levels=[("INVOICING", LEVELS[parity])],
            member_user_ids=[people[parity].user_id],
        )
        actor = team.cast.actors[("admin", "legal")[parity]]
        await update_group(actor=actor, group_id=team.group.id, version=version, update=change)

    applied = await applied_edits(edit)

    group = await Group.get(id=team.group.id)
    assert (group.version, await AuditEntry.filter(action="GROUP_UPDATED").count()) == (1 + len(applied), len(applied))
    last = int(group.description.split()[-1])
    assert last in applied
    assert (await GroupThemeLevel.get(group_id=group.id, valid_to=None)).level == LEVELS[last % 2]
    assert (await Membership.get(group_id=group.id, ended_at=None)).user_id == people[last % 2].user_id


async def test_of_concurrent_updates_from_one_version_one_is_applied(team: Team):
    applied = await applied_edits(lambda number: team.update(version=1, description=f"Beschrijving {number}"), 20)
    assert len(applied) == 1
    assert (await Group.get(id=team.group.id)).description == f"Beschrijving {applied[0]}"


async def test_of_concurrent_selections_from_one_version_one_is_applied(team: Team):
    person = await rows.a_person_with_right(team.cast.organisation)

    async def members(number: int) -> None:
        await set_contract_specific_members(
            actor=team.cast.actors["admin"],
            group_link_id=team.link.id,
            version=1,
            user_ids=[person.user_id, team.member.user_id][: number % 2 + 1],
        )

    assert len(await applied_edits(members, 20)) == 1
    assert (await GroupLink.get(id=team.link.id)).version == 2


async def test_concurrent_deletion_and_linking_leave_no_link_of_the_deleted_group(team: Team):
    other_group = await rows.a_group(team.cast.organisation)
    contracts = [team.contract, await rows.a_contract(team.cast.organisation)]

    async def operation(number: int) -> None:
        if number == 7:
            await team.delete(version=1)
        else:
            contract = contracts[number % 2]
            version = (await Contract.get(id=contract.id)).version
            await set_contract_groups(
                actor=team.cast.actors["admin"], contract_id=contract.id, version=version, group_ids=[other_group.id]
            )

    assert 7 in await applied_edits(operation, 16)
    assert await GroupLink.filter(group_id=team.group.id, ended_at=None).count() == 0
