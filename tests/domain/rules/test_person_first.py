"""Operations on a person's work relations, rights and actions lock the person first, and so don't deadlock."""

from datetime import timedelta

import pytest

from domain.models import AccessRight, Action, Assignment, Role, SelfRegistration, TaskStatus, WorkRelation
from domain.rules.assignment import assign_action
from domain.rules.self_registration_approval import Approval, approve_self_registration
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.concurrency import run_while_locked
from tests.domain.rules.rights import revoke
from tests.domain.rules.team import Team, a_team
from tests.domain.rules.work_relations import update


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member, who has an action."""
    return await a_team(cast)


async def assign(team: Team, action: Action, who: WorkRelation) -> Action:
    """Assigns an action to the member of the team."""
    actor = team.cast.actor_of(who)
    return await assign_action(actor=actor, action_id=action.id, version=1, user_id=team.member.user_id)


async def approve(team: Team, task: SelfRegistration) -> AccessRight:
    approval = Approval([Role.ADMINISTRATOR])
    _, right = await approve_self_registration(actor=team.cast.actors["manager"], task_id=task.id, approval=approval)
    return right


async def a_drafter(team: Team) -> WorkRelation:
    drafter = await team.cast.a_colleague()
    await rows.a_right(drafter)
    await rows.a_membership(team.group, drafter)
    return drafter


async def test_an_action_assigned_during_a_revocation_is_released(team: Team):
    # On a contract where the member has no other action, so that the revocation would not find it by that.
    other_contract = await rows.a_contract(team.cast.organisation)
    await rows.a_link(other_contract, team.group)
    action, drafter = await rows.an_action(other_contract), await a_drafter(team)
    right = await AccessRight.get(work_relation_id=team.member.id)

    # The assignment has checked that the member may draft, and waits for the person who assigns.
    outcomes = await run_while_locked(await drafter.user, assign(team, action, drafter), revoke(team.cast, right))

    assert [type(outcome) for outcome in outcomes] == [Action, AccessRight]
    assert {stored_action.status for stored_action in await Action.all()} == {"OPEN"}
    assert not await Assignment.exists(released_at=None)


async def test_an_approval_and_an_extension_do_not_deadlock(team: Team):
    task = await rows.a_self_registration(team.cast.organisation, team.cast.people["user"], Role.ADMINISTRATOR)
    last_day = await rows.today() + timedelta(days=1000)

    outcomes = await run_while_locked(
        team.cast.people["user"], approve(team, task), update(team.cast, team.member, valid_until=last_day)
    )

    assert [type(outcome) for outcome in outcomes] == [AccessRight, WorkRelation]
    assert (await SelfRegistration.get(id=task.id)).status is TaskStatus.APPROVED


async def test_an_approval_and_an_assignment_do_not_deadlock(team: Team):
    task = await rows.a_self_registration(team.cast.organisation, team.cast.people["user"], Role.ADMINISTRATOR)
    action, drafter = await rows.an_action(team.contract), await a_drafter(team)

    outcomes = await run_while_locked(team.cast.people["user"], approve(team, task), assign(team, action, drafter))

    assert [type(outcome) for outcome in outcomes] == [AccessRight, Action]
    assert {stored_action.assignee_id for stored_action in await Action.all()} == {team.member.user_id}
