"""What a follower is told, and for how long."""

from collections.abc import Awaitable, Callable

import pytest

from domain.models import (
    Action,
    Contract,
    DocumentLevel,
    Membership,
    Notification,
    NotificationStatus,
    Role,
    SelfRegistration,
)
from domain.rules.assignment import assign_action, complete_action, release_action
from domain.rules.group_delete import delete_group
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.office import Office
from tests.gql.live.serving import ACTION, NOTIFICATION, TASK, Follower, Served, watching
from tests.workers.events import eventually


def action_id(action: Action) -> str:
    return global_id("Action", action.id)


def contract_id(contract: Contract) -> str:
    return global_id("Contract", contract.id)


def organisation_id(row: Contract) -> str:
    return global_id("Organisation", row.organisation_id)


async def follow_actions(follower: Follower, office: Office) -> None:
    await follower.subscribe(ACTION, id=contract_id(office.contract))


async def test_an_action_is_told_from_its_opening_to_its_end(api: Served, office: Office):
    drafter = office.drafter
    async with api.follower(drafter.user_id or 0) as follower:
        await follow_actions(follower, office)
        opened = await rows.an_action(office.contract, title="Bezorg de borgtocht")
        told = [await follower.told()]
        acts: list[Callable[[], Awaitable[object]]] = [
            lambda: assign_action(actor=drafter, action_id=opened.id, version=1, user_id=drafter.user_id),
            lambda: release_action(actor=drafter, action_id=opened.id, version=2, reason=None),
            lambda: assign_action(actor=drafter, action_id=opened.id, version=3, user_id=drafter.user_id),
            lambda: complete_action(actor=drafter, action_id=opened.id, version=4),
        ]
        for act in acts:
            await act()
            told.append(await follower.told())

    assert told == [
        {"id": action_id(opened), "title": "Bezorg de borgtocht", "status": status, "version": version}
        for version, status in enumerate(("OPEN", "ASSIGNED", "OPEN", "ASSIGNED", "DONE"), 1)
    ]


async def test_only_the_contract_that_was_asked_for_is_told(api: Served, office: Office):
    group = await rows.a_group(await office.contract.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    member = await rows.a_membership(group)
    here, there = [await rows.a_contract(await office.contract.organisation) for _ in range(2)]
    for contract in (here, there):
        await rows.a_link(contract, group)
    async with api.follower(member.user_id) as follower:
        await follower.subscribe(ACTION, id=contract_id(here))
        await rows.an_action(there)
        expected = await rows.an_action(here)

        assert (await follower.told())["id"] == action_id(expected)


async def test_what_the_follower_may_not_see_of_the_contract_is_not_told(api: Served, office: Office):
    theme = (await rows.a_document(office.contract)).theme_id
    other = await rows.a_document(office.contract, theme_code="EXECUTION")
    assert other.theme_id != theme
    async with api.follower(office.drafter.user_id or 0) as follower:
        await follow_actions(follower, office)
        await rows.an_action(office.contract, other)
        expected = await rows.an_action(office.contract)

        assert (await follower.told())["id"] == action_id(expected)


async def test_access_lost_between_two_events_ends_it(api: Served, office: Office):
    async with api.follower(office.drafter.user_id or 0) as follower:
        await follow_actions(follower, office)
        await rows.an_action(office.contract)
        await follower.told()
        group = await (await Membership.get(user_id=office.drafter.user_id)).group
        await delete_group(actor=office.administrator, group_id=group.id, version=group.version)

        await rows.an_action(office.contract, title="Niet meer voor wie weg is")

        last, done = await follower.hear(), await follower.hear()
    assert (last["type"], last["payload"]["data"]) == ("next", None)
    assert [error["extensions"]["code"] for error in last["payload"]["errors"]] == ["NOT_FOUND"]
    assert "Niet meer" not in str(last)
    assert done == {"id": "1", "type": "complete"}


async def test_several_changes_of_one_row_are_told_as_it_is_last(api: Served, office: Office):
    action = await rows.an_action(office.contract)
    async with api.follower(office.drafter.user_id or 0) as follower:
        await follow_actions(follower, office)
        for version in range(2, 30):
            await Action.filter(id=action.id).update(version=version)
        told = await follower.told()
        while told["version"] < 29:
            told = await follower.told()

    assert told["version"] == 29


async def test_an_administrator_sees_notifications_come_and_be_routed(api: Served, office: Office):
    async with api.follower(office.administrator.user_id or 0) as follower:
        await follower.subscribe(NOTIFICATION, id=organisation_id(office.contract))
        notification = await rows.a_notification(office.contract)
        waiting = await follower.told()
        await Notification.filter(id=notification.id).update(status=NotificationStatus.ROUTED)
        routed = await follower.told()

    name = global_id("Notification", notification.id)
    assert [waiting, routed] == [{"id": name, "status": "PENDING"}, {"id": name, "status": "ROUTED"}]


async def test_an_access_manager_sees_tasks_come(api: Served):
    organisation = await rows.an_organisation()
    legal = await rows.a_mandate(organisation=organisation)
    async with api.follower(legal.user_id) as follower:
        await follower.subscribe(TASK, id=global_id("Organisation", organisation.id))
        task = await rows.a_self_registration(organisation, None, Role.USER)

        assert await follower.told() == {"id": global_id("SelfRegistrationTask", task.id), "status": "OPEN"}
    assert await SelfRegistration.all().count() == 1


@pytest.mark.parametrize("signs", ["complete", "leave"])
async def test_whoever_leaves_is_forgotten(api: Served, office: Office, signs: str):
    async with api.follower(office.drafter.user_id or 0) as follower:
        await follow_actions(follower, office)
        if signs == "complete":
            await follower.say(type="complete", id="1")
        else:
            await follower.socket.close()
        await eventually(lambda: watching() == 0)
