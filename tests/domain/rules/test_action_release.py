"""Assignees who lose access, in whatever way, have their actions released by the system (domain 5)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from domain.models import (
    AccessRight,
    Action,
    Assignment,
    AuditEntry,
    Contract,
    DocumentLevel,
    Group,
    Notification,
    NotificationTrigger,
    Role,
)
from domain.refusals import AssigneeWithoutAccess, Forbidden, NotFound
from domain.rules.access_right import change_access_right, revoke_access_right
from domain.rules.assignment import assign_action
from domain.rules.contract_groups import set_contract_groups
from domain.rules.group_members import remove_group_member
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.team import Team, a_team


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member, who has an action."""
    return await a_team(cast)


async def link_groups(team: Team, *groups: Group) -> None:
    version = (await Contract.get(id=team.contract.id)).version
    await set_contract_groups(
        actor=team.cast.actors["admin"],
        contract_id=team.contract.id,
        version=version,
        group_ids=[group.id for group in groups],
    )


async def status(team: Team) -> str:
    current: str = (await Action.get(id=team.action.id)).status
    return current


async def remove_member(team: Team) -> Group:
    admin = team.cast.actors["admin"]
    change = await remove_group_member(actor=admin, group_id=team.group.id, user_id=team.member.user_id)
    return change.group


async def list_no_members(team: Team) -> Group:
    return await team.update(member_user_ids=[])


async def test_unlinking_the_group_releases_the_action_by_the_system_and_is_notified(team: Team):
    await link_groups(team)

    action = await Action.get(id=team.action.id)
    assert (action.status, action.assignee_id, action.version) == ("OPEN", None, 2)
    assignment = await Assignment.get(action_id=action.id)
    assert (assignment.released_at is None, assignment.released_by_id) == (False, None)
    notification = await Notification.get(action_id=action.id)
    assert (notification.trigger, notification.released_by_id) == (NotificationTrigger.ACTION_RELEASED, None)
    entry = await AuditEntry.get(action="ACTION_RELEASED_WITHOUT_ACCESS")
    assert entry.before == {"assignee": team.member.user_id}


@pytest.mark.parametrize("end_membership", [remove_member, list_no_members], ids=["removed", "left out"])
async def test_ending_the_membership_releases_the_action(
    team: Team, end_membership: Callable[[Team], Awaitable[Group]]
):
    await end_membership(team)
    assert await status(team) == "OPEN"
    assert (await Notification.get(action_id=team.action.id)).trigger is NotificationTrigger.ACTION_RELEASED


async def test_the_action_stays_assigned_while_another_group_gives_draft(team: Team):
    other_group = await rows.a_group(team.cast.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_membership(other_group, team.member)
    await link_groups(team, team.group, other_group)
    await link_groups(team, other_group)
    assert await status(team) == "ASSIGNED"

    await link_groups(team)
    assert await status(team) == "OPEN"


async def test_an_action_on_a_document_in_a_theme_without_draft_is_released(team: Team):
    document = await rows.a_document(team.contract, theme_code="EXECUTION")
    action = await rows.an_action(team.contract, document, team.cast.people["user"])
    await team.update(description="Anders")
    assert (await Action.get(id=action.id)).status == "OPEN"
    assert await status(team) == "ASSIGNED"


async def test_removing_the_role_user_releases_the_action(team: Team):
    right = await AccessRight.get(work_relation_id=team.member.id)
    legal = team.cast.actors["legal"]
    await change_access_right(
        actor=legal, right_id=right.id, version=1, roles=[Role.USER, Role.ADMINISTRATOR], reason="Ook beheer"
    )
    assert await status(team) == "ASSIGNED"

    await change_access_right(actor=legal, right_id=right.id, version=2, roles=[Role.ADMINISTRATOR], reason="Beheer")
    assert await status(team) == "OPEN"


async def test_revoking_the_right_releases_the_action(team: Team):
    right = await AccessRight.get(work_relation_id=team.member.id)
    await revoke_access_right(actor=team.cast.actors["legal"], right_id=right.id, version=1, reason="Uit dienst")
    assert await status(team) == "OPEN"


async def test_an_action_on_an_ended_contract_stays_assigned(team: Team):
    await Contract.filter(id=team.contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    await team.delete()
    assert await status(team) == "ASSIGNED"


async def test_an_action_that_is_assigned_during_the_unlinking_is_released_too(team: Team):
    for _ in range(8):
        action = await rows.an_action(team.contract)
        await link_groups(team, team.group)
        await asyncio.gather(link_groups(team), _assign_to_user(team, action))
        assert (await Action.get(id=action.id)).status == "OPEN"


async def _assign_to_user(team: Team, action: Action) -> None:
    user = team.cast.actors["user"]
    with suppress(AssigneeWithoutAccess, Forbidden, NotFound):
        await assign_action(actor=user, action_id=action.id, version=1, user_id=user.user_id)
