"""What linking groups asks of the database: few statements, and of nothing earlier than its lock."""

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
    who_acts = team.cast.actors[who]
    done = await set_contract_groups(actor=who_acts, contract_id=team.contract.id, version=1, group_ids=[])
    return done.contract


async def right_of(team: Team, who: str) -> int:
    return int((await AccessRight.get(work_relation_id=team.cast.relations[who].id)).id)


def taken_away(right: int) -> str:
    return f"update access_right_role set valid_to = clock_timestamp() where access_right_id = {right}"


def given(right: int) -> str:
    return f"insert into access_right_role (access_right_id, role) values ({right}, 'ADMINISTRATOR')"


async def test_a_right_that_is_taken_away_while_the_lock_is_waited_for_counts_no_more(team: Team):
    meanwhile = taken_away(await right_of(team, "admin"))

    [outcome] = await run_while_locked(team.contract, unlink_groups(team), meanwhile=meanwhile)

    assert isinstance(outcome, NotFound)
    assert outcome.path == ("contractId",)
    assert await GroupLink.exists(id=team.link.id, ended_at=None)
    assert (await Contract.get(id=team.contract.id)).version == 1


async def test_a_right_that_is_given_while_the_lock_is_waited_for_counts(team: Team):
    [outcome] = await run_while_locked(
        team.contract, unlink_groups(team, "user"), meanwhile=given(await right_of(team, "user"))
    )

    assert outcome == team.contract
    assert not await GroupLink.exists(contract_id=team.contract.id, ended_at=None)


async def test_what_was_found_when_the_actor_came_is_not_what_counts(team: Team):
    remembered = await Standing.of(team.cast.actors["admin"])
    user = replace(team.cast.actors["user"], standing=remembered)

    async with assert_tables_unchanged():
        with pytest.raises(Forbidden):
            await set_contract_groups(actor=user, contract_id=team.contract.id, version=1, group_ids=[])


async def test_the_newest_row_is_found_after_the_wait(team: Team):
    meanwhile = f"update contract set title = 'Anders' where id = {team.contract.id}"

    [outcome] = await run_while_locked(team.contract, unlink_groups(team), meanwhile=meanwhile)

    assert outcome.title == "Anders"


async def test_linking_takes_three_statements_and_unlinking_a_fourth(team: Team):
    keys = [team.group.id] + [(await rows.a_group(team.cast.organisation, name)).id for name in ("Oost", "West")]
    act = {"actor": team.cast.actors["admin"], "contract_id": team.contract.id}
    await Action.filter(id=team.action.id).update(status=ActionStatus.OPEN, assignee_id=None, assigned_at=None)

    with captured_statements() as linking:
        await set_contract_groups(**act, version=1, group_ids=keys)
    with captured_statements() as unlinking:
        await set_contract_groups(**act, version=2, group_ids=[])

    # Turn and row; facts and conditions; the groups, the change and its audit row.
    assert len(linking) == 3
    # And whether anybody has an action in hand.
    assert len(unlinking) == 4
