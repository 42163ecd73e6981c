"""Actions are assigned, released and completed."""

import asyncio

import pytest

from domain.models import Action, Assignment, Notification, NotificationTrigger, User
from domain.refusals import (
    ActionDone,
    ActionNotAssigned,
    ActionNotOpen,
    AssigneeWithoutAccess,
    Forbidden,
    NotFound,
    StaleVersion,
)
from domain.rules.assignment import assign_action, complete_action, release_action
from tests import rows
from tests.domain.rules.office import Office, an_office
from tests.refusals import assert_refused

pytestmark = pytest.mark.usefixtures("database", "environment")


async def an_assigned_action(office: Office) -> Action:
    action = await rows.an_action(office.contract)
    return await assign_action(
        actor=office.drafter, action_id=action.id, version=action.version, user_id=office.drafter.user_id
    )


async def test_a_drafter_takes_an_open_action():
    office = await an_office()

    action = await an_assigned_action(office)

    assert (action.status, action.assignee_id, action.version) == ("ASSIGNED", office.drafter.user_id, 2)
    assignment = await Assignment.get()
    assert (assignment.user_id, assignment.assigned_by_id, assignment.released_at) == (
        action.assignee_id,
        action.assignee_id,
        None,
    )


async def test_a_drafter_assigns_an_action_to_another_drafter_but_not_to_a_reader():
    office = await an_office()
    action = await rows.an_action(office.contract)
    reader = await User.get(id=office.reader.user_id)
    async with assert_refused(AssigneeWithoutAccess, "userId", name=reader.full_name):
        await assign_action(actor=office.drafter, action_id=action.id, version=1, user_id=reader.id)

    assigned = await assign_action(actor=office.drafter, action_id=action.id, version=1, user_id=office.sender.user_id)

    assert assigned.assignee_id == office.sender.user_id


async def test_readers_find_no_action_and_administrators_may_not_assign():
    office = await an_office()
    action = await rows.an_action(office.contract)
    async with assert_refused(NotFound, "id"):
        await assign_action(actor=office.reader, action_id=action.id, version=1, user_id=office.sender.user_id)
    async with assert_refused(Forbidden):
        await assign_action(actor=office.administrator, action_id=action.id, version=1, user_id=office.sender.user_id)


async def test_concurrent_assignments_assign_the_action_once():
    office = await an_office()
    action = await rows.an_action(office.contract)

    results = await asyncio.gather(
        *(
            assign_action(actor=actor, action_id=action.id, version=1, user_id=actor.user_id)
            for actor in (office.drafter, office.sender)
        ),
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == ["Action", "ActionNotOpen"]
    assert await Assignment.all().count() == 1


@pytest.mark.parametrize("who", ["drafter", "administrator"])
async def test_the_assignee_or_an_administrator_releases_an_action_and_that_is_notified(who: str):
    office = await an_office()
    action = await an_assigned_action(office)
    actor = getattr(office, who)

    released = await release_action(actor=actor, action_id=action.id, version=2, reason="Met verlof")

    assert (released.status, released.assignee_id, released.assigned_at) == ("OPEN", None, None)
    assignment, notification = await Assignment.get(), await Notification.get()
    assert (assignment.released_by_id, assignment.release_reason) == (actor.user_id, "Met verlof")
    assert notification.trigger is NotificationTrigger.ACTION_RELEASED
    assert (notification.action_id, notification.released_by_id) == (action.id, actor.user_id)


async def test_another_drafter_neither_releases_nor_completes_an_action():
    office = await an_office()
    action = await an_assigned_action(office)
    async with assert_refused(Forbidden):
        await release_action(actor=office.sender, action_id=action.id, version=2, reason=None)
    async with assert_refused(Forbidden):
        await complete_action(actor=office.sender, action_id=action.id, version=2)


async def test_the_assignee_completes_an_action_and_nobody_is_notified():
    office = await an_office()
    action = await an_assigned_action(office)

    done = await complete_action(actor=office.drafter, action_id=action.id, version=2)

    assert (done.status, done.assignee_id) == ("DONE", office.drafter.user_id)
    assert done.done_at is not None
    assert (await Notification.all().count(), (await Assignment.get()).released_at) == (0, done.done_at)
    async with assert_refused(ActionNotOpen, "id"):
        await assign_action(actor=office.sender, action_id=action.id, version=3, user_id=office.sender.user_id)
    async with assert_refused(ActionDone, "id"):
        await release_action(actor=office.drafter, action_id=action.id, version=3, reason=None)
    async with assert_refused(ActionDone, "id"):
        await complete_action(actor=office.drafter, action_id=action.id, version=3)


async def test_an_open_action_is_neither_released_nor_completed():
    office = await an_office()
    action = await rows.an_action(office.contract)
    async with assert_refused(ActionNotAssigned, "id"):
        await release_action(actor=office.administrator, action_id=action.id, version=1, reason=None)
    async with assert_refused(ActionNotAssigned, "id"):
        await complete_action(actor=office.drafter, action_id=action.id, version=1)


async def test_a_stale_version_is_refused_with_the_current_state():
    office = await an_office()
    action = await rows.an_action(office.contract)
    async with assert_refused(StaleVersion, "version", current=action, version=1, given=7):
        await assign_action(actor=office.drafter, action_id=action.id, version=7, user_id=office.drafter.user_id)
