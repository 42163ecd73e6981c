"""Actions of assignees whose access has expired are released by the system (domain 5)."""

import asyncio
from datetime import date

import asyncpg
import pytest

from domain.models import (
    Action,
    Assignment,
    AuditEntry,
    Contract,
    Notification,
    NotificationTrigger,
    WorkRelationPeriod,
)
from domain.rules import action_release
from domain.rules.action_release import release_actions_lost_by_time
from settings import settings
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.team import Team, a_team
from tests.gql.execution import captured_statements
from tests.time_travel import travel_to


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A member with an action, whose last day is 31 December 2027; it is that day."""
    team = await a_team(cast)
    await WorkRelationPeriod.filter(work_relation_id=team.member.id).update(valid_until=date(2027, 12, 31))
    await travel_to("2027-12-31")
    return team


async def status(team: Team) -> str:
    current: str = (await Action.get(id=team.action.id)).status
    return current


async def test_an_action_is_released_by_the_system_on_the_day_after_the_last_day(team: Team):
    assert await release_actions_lost_by_time() == 0
    assert await status(team) == "ASSIGNED"

    await travel_to("2028-01-01")
    assert await release_actions_lost_by_time() == 1

    action = await Action.get(id=team.action.id)
    assert (action.status, action.assignee_id, action.assigned_at, action.version) == ("OPEN", None, None, 2)
    assignment = await Assignment.get(action_id=action.id)
    assert (assignment.released_at is None, assignment.released_by_id) == (False, None)
    notification = await Notification.get(action_id=action.id)
    assert (notification.trigger, notification.released_by_id) == (NotificationTrigger.ACTION_RELEASED, None)
    entry = await AuditEntry.get(action="ACTION_RELEASED_WITHOUT_ACCESS")
    assert (entry.actor_id, entry.actor_name, entry.before) == (None, "system", {"assignee": team.member.user_id})


async def test_an_action_is_released_once(team: Team):
    await travel_to("2028-01-01")
    assert [await release_actions_lost_by_time() for _ in range(2)] == [1, 0]
    assert await Notification.filter(action_id=team.action.id).count() == 1


async def test_an_extended_assignee_keeps_the_action(team: Team):
    await rows.a_period(team.member, date(2028, 1, 1), date(2028, 6, 30))
    await travel_to("2028-01-01")
    assert await release_actions_lost_by_time() == 0
    assert await status(team) == "ASSIGNED"


async def test_a_new_work_relation_does_not_keep_the_action(team: Team):
    person = team.cast.people["user"]
    new_relation = await rows.a_work_relation(person, team.cast.organisation, date(2028, 1, 1), date(2028, 6, 30))
    await rows.a_right(new_relation)
    await travel_to("2028-01-01")
    assert await release_actions_lost_by_time() == 1
    assert await status(team) == "OPEN"


async def test_an_expired_work_relation_with_another_organisation_releases_nothing(team: Team):
    await rows.a_work_relation(team.cast.people["user"], None, date(2027, 1, 1), date(2027, 6, 30))
    assert await release_actions_lost_by_time() == 0


async def test_an_action_on_an_ended_contract_stays_assigned(team: Team):
    await Contract.filter(id=team.contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    await travel_to("2028-01-01")
    assert await release_actions_lost_by_time() == 0
    assert await status(team) == "ASSIGNED"


async def test_concurrent_runs_release_each_action_once(team: Team, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(action_release, "BATCH", 4)
    for _ in range(11):
        await rows.an_action(team.contract, assignee=team.cast.people["user"])
    await travel_to("2028-01-01")

    async def release_all() -> int:
        released = 0
        while count := await release_actions_lost_by_time():
            released += count
        return released

    released = await asyncio.gather(*(release_all() for _ in range(3)))

    assert sum(released) == 12
    assert await Action.filter(status="OPEN").count() == 12
    assert await Notification.filter(trigger=NotificationTrigger.ACTION_RELEASED).count() == 12
    assert await AuditEntry.filter(action="ACTION_RELEASED_WITHOUT_ACCESS").count() == 12


async def test_a_locked_action_is_skipped_and_released_by_the_next_run(team: Team):
    await travel_to("2028-01-01")
    connection = await asyncpg.connect(str(settings().database_url))
    async with connection.transaction():
        await connection.execute(f"select from action where id = {team.action.id} for no key update")
        assert await release_actions_lost_by_time() == 0
    await connection.close()
    assert await release_actions_lost_by_time() == 1


async def test_more_actions_take_no_more_statements(team: Team):
    counts = []
    for day, number in (("2028-01-01", 0), ("2028-01-02", 30)):
        for _ in range(number):
            await rows.an_action(team.contract, assignee=team.cast.people["user"])
        await travel_to(day)
        with captured_statements() as statements:
            assert await release_actions_lost_by_time() == (number or 1)
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0
