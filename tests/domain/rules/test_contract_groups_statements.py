"""Linking groups takes few statements, and reads everything after it has acquired its lock."""

from dataclasses import replace

import pytest

from domain.models import AccessRight, Action, ActionStatus, Contract, GroupLink
from domain.refusals import Forbidden, NotFound
from domain.rules.contract_groups import set_contract_groups
from domain.standing import Standing
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.concurrency import run_while_locked
from tests.domain.rules.team import Team, a_team
from tests.gql.execution import captured_statements
from tests.table_contents import assert_tables_unchanged


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member who has work in hand."""
    return await a_team(cast)


async def unlink_groups(team: Team, who: str = "admin") -> Contract:
    actor = team.cast.actors[who]
    change = await set_contract_groups(actor=actor, contract_id=team.contract.id, version=1, group_ids=[])
    return change.contract


async def right_of(team: Team, who: str) -> int:
    return int((await AccessRight.get(work_relation_id=team.cast.relations[who].id)).id)


def end_role(right_id: int) -> str:
    return f"update access_right_role set valid_to = clock_timestamp() where access_right_id = {right_id}"


def add_role(right_id: int) -> str:
    return f"insert into access_right_role (access_right_id, role) values ({right_id}, 'ADMINISTRATOR')"


async def test_a_right_that_ends_while_waiting_for_the_lock_does_not_count(team: Team):
    meanwhile = end_role(await right_of(team, "admin"))

    [outcome] = await run_while_locked(team.contract, unlink_groups(team), meanwhile=meanwhile)

    assert isinstance(outcome, NotFound)
    assert outcome.path == ("contractId",)
    assert await GroupLink.exists(id=team.link.id, ended_at=None)
    assert (await Contract.get(id=team.contract.id)).version == 1


async def test_a_right_that_begins_while_waiting_for_the_lock_counts(team: Team):
    [outcome] = await run_while_locked(
        team.contract, unlink_groups(team, "user"), meanwhile=add_role(await right_of(team, "user"))
    )

    assert outcome == team.contract
    assert not await GroupLink.exists(contract_id=team.contract.id, ended_at=None)


async def test_the_standing_of_the_request_does_not_count(team: Team):
    stale_standing = await Standing.of(team.cast.actors["admin"])
    user = replace(team.cast.actors["user"], standing=stale_standing)

    async with assert_tables_unchanged():
        with pytest.raises(Forbidden):
            await set_contract_groups(actor=user, contract_id=team.contract.id, version=1, group_ids=[])


async def test_the_row_is_read_after_the_lock_was_acquired(team: Team):
    meanwhile = f"update contract set title = 'Anders' where id = {team.contract.id}"

    [outcome] = await run_while_locked(team.contract, unlink_groups(team), meanwhile=meanwhile)

    assert outcome.title == "Anders"


async def test_linking_takes_three_statements_and_unlinking_four(team: Team):
    group_ids = [team.group.id] + [(await rows.a_group(team.cast.organisation, name)).id for name in ("Oost", "West")]
    arguments = {"actor": team.cast.actors["admin"], "contract_id": team.contract.id}
    await Action.filter(id=team.action.id).update(status=ActionStatus.OPEN, assignee_id=None, assigned_at=None)

    with captured_statements() as linking:
        await set_contract_groups(**arguments, version=1, group_ids=group_ids)
    with captured_statements() as unlinking:
        await set_contract_groups(**arguments, version=2, group_ids=[])

    # The locks; the facts and conditions; the groups, the change and its audit entry.
    assert len(linking) == 3
    # And the assigned actions.
    assert len(unlinking) == 4
