"""Who loses access, by whatever way, loses the actions they had (domain 5): a release like any other."""

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


async def link(team: Team, *groups: Group) -> None:
    version = (await Contract.get(id=team.contract.id)).version
    await set_contract_groups(
        actor=team.cast.actors["admin"],
        contract_id=team.contract.id,
        version=version,
        group_ids=[group.id for group in groups],
    )


async def status(team: Team) -> str:
    found: str = (await Action.get(id=team.action.id)).status
    return found


async def removed(team: Team) -> Group:
    admin = team.cast.actors["admin"]
    change = await remove_group_member(actor=admin, group_id=team.group.id, user_id=team.member.user_id)
    return change.group


async def left_out(team: Team) -> Group:
    return await team.update(member_user_ids=[])


async def test_unlinking_releases_by_the_system_and_is_mailed(team: Team):
    await link(team)

    action = await Action.get(id=team.action.id)
    assert (action.status, action.assignee_id, action.version) == ("OPEN", None, 2)
    turn = await Assignment.get(action_id=action.id)
    assert (turn.released_at is None, turn.released_by_id) == (False, None)
    mailed = await Notification.get(action_id=action.id)
    assert (mailed.trigger, mailed.released_by_id) == (NotificationTrigger.ACTION_RELEASED, None)
    entry = await AuditEntry.get(action="ACTION_RELEASED_WITHOUT_ACCESS")
    assert entry.before == {"assignee": team.member.user_id}


@pytest.mark.parametrize("way", [removed, left_out], ids=["removed", "left out"])
async def test_whoever_is_no_member_any_more_has_no_action_any_more(
    team: Team, way: Callable[[Team], Awaitable[Group]]
):
    await way(team)
    assert await status(team) == "OPEN"
    assert (await Notification.get(action_id=team.action.id)).trigger is NotificationTrigger.ACTION_RELEASED


async def test_another_group_that_lets_them_draft_keeps_it(team: Team):
    other = await rows.a_group(team.cast.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_membership(other, team.member)
    await link(team, team.group, other)
    await link(team, other)
    assert await status(team) == "ASSIGNED"

    await link(team)
    assert await status(team) == "OPEN"


async def test_the_theme_of_its_document_counts(team: Team):
    document = await rows.a_document(team.contract, theme_code="EXECUTION")
    action = await rows.an_action(team.contract, document, team.cast.people["user"])
    await team.update(description="Anders")
    assert (await Action.get(id=action.id)).status == "OPEN"
    assert await status(team) == "ASSIGNED"


async def test_revoking_a_right_or_taking_the_role_user_releases(team: Team):
    right = await AccessRight.get(work_relation_id=team.member.id)
    legal = team.cast.actors["legal"]
    await change_access_right(
        actor=legal, right_id=right.id, version=1, roles=[Role.USER, Role.ADMINISTRATOR], reason="Ook beheer"
    )
    assert await status(team) == "ASSIGNED"

    await change_access_right(actor=legal, right_id=right.id, version=2, roles=[Role.ADMINISTRATOR], reason="Beheer")
    assert await status(team) == "OPEN"


async def test_revoking_a_right_releases(team: Team):
    right = await AccessRight.get(work_relation_id=team.member.id)
    await revoke_access_right(actor=team.cast.actors["legal"], right_id=right.id, version=1, reason="Uit dienst")
    assert await status(team) == "OPEN"


async def test_what_is_done_and_what_is_on_an_ended_contract_stays(team: Team):
    await Contract.filter(id=team.contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    await team.delete()
    assert await status(team) == "ASSIGNED"


async def test_an_action_that_is_assigned_meanwhile_is_not_left_with_who_lost_access(team: Team):
    for _ in range(8):
        action = await rows.an_action(team.contract)
        await link(team, team.group)
        await asyncio.gather(link(team), _take(team, action))
        assert (await Action.get(id=action.id)).status == "OPEN"


async def _take(team: Team, action: Action) -> None:
    user = team.cast.actors["user"]
    with suppress(AssigneeWithoutAccess, Forbidden, NotFound):
        await assign_action(actor=user, action_id=action.id, version=1, user_id=user.user_id)
