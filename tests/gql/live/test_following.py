"""What a follower is told, and for how long."""

from collections.abc import Awaitable, Callable

import pytest

from domain.models import (
    Action,
    Attachment,
    Contract,
    Document,
    DocumentLevel,
    DocumentStatus,
    Membership,
    Notification,
    NotificationStatus,
    Role,
    SelfRegistration,
)
from domain.rules.assignment import assign_action, complete_action, release_action
from domain.rules.document_sending import send_document
from domain.rules.draft import draft_document, update_document
from domain.rules.group_deletion import delete_group
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.office import Office
from tests.gql.live.live_api import (
    ACTION,
    DOCUMENT,
    MESSAGE,
    NOTIFICATION,
    TASK,
    LiveApi,
    Subscriber,
    subscription_count,
)
from tests.workers.events import eventually


def action_id(action: Action) -> str:
    return global_id("Action", action.id)


def contract_id(contract: Contract) -> str:
    return global_id("Contract", contract.id)


def organisation_id(row: Contract) -> str:
    return global_id("Organisation", row.organisation_id)


async def follow_actions(subscriber: Subscriber, office: Office) -> None:
    await subscriber.subscribe(ACTION, id=contract_id(office.contract))


async def test_an_action_is_told_from_its_opening_to_its_end(api: LiveApi, office: Office):
    drafter = office.drafter
    async with api.subscriber(drafter.user_id or 0) as subscriber:
        await follow_actions(subscriber, office)
        opened = await rows.an_action(office.contract, title="Bezorg de borgtocht")
        told = [await subscriber.next_value()]
        acts: list[Callable[[], Awaitable[object]]] = [
            lambda: assign_action(actor=drafter, action_id=opened.id, version=1, user_id=drafter.user_id),
            lambda: release_action(actor=drafter, action_id=opened.id, version=2, reason=None),
            lambda: assign_action(actor=drafter, action_id=opened.id, version=3, user_id=drafter.user_id),
            lambda: complete_action(actor=drafter, action_id=opened.id, version=4),
        ]
        for act in acts:
            await act()
            told.append(await subscriber.next_value())

    assert told == [
        {"id": action_id(opened), "title": "Bezorg de borgtocht", "status": status, "version": version}
        for version, status in enumerate(("OPEN", "ASSIGNED", "OPEN", "ASSIGNED", "DONE"), 1)
    ]


async def test_only_the_contract_that_was_asked_for_is_told(api: LiveApi, office: Office):
    group = await rows.a_group(await office.contract.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    member = await rows.a_membership(group)
    here, there = [await rows.a_contract(await office.contract.organisation) for _ in range(2)]
    for contract in (here, there):
        await rows.a_link(contract, group)
    async with api.subscriber(member.user_id) as subscriber:
        await subscriber.subscribe(ACTION, id=contract_id(here))
        await rows.an_action(there)
        expected = await rows.an_action(here)

        assert (await subscriber.next_value())["id"] == action_id(expected)


async def test_what_the_follower_may_not_see_of_the_contract_is_not_told(api: LiveApi, office: Office):
    theme = (await rows.a_document(office.contract)).theme_id
    other = await rows.a_document(office.contract, theme_code="EXECUTION")
    assert other.theme_id != theme
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await follow_actions(subscriber, office)
        await rows.an_action(office.contract, other)
        expected = await rows.an_action(office.contract)

        assert (await subscriber.next_value())["id"] == action_id(expected)


async def test_access_lost_between_two_events_ends_it(api: LiveApi, office: Office):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await follow_actions(subscriber, office)
        await rows.an_action(office.contract)
        await subscriber.next_value()
        group = await (await Membership.get(user_id=office.drafter.user_id)).group
        await delete_group(actor=office.administrator, group_id=group.id, version=group.version)

        await rows.an_action(office.contract, title="Niet meer voor wie weg is")

        last, done = await subscriber.receive(), await subscriber.receive()
    assert (last["type"], last["payload"]["data"]) == ("next", None)
    assert [error["extensions"]["code"] for error in last["payload"]["errors"]] == ["NOT_FOUND"]
    assert "Niet meer" not in str(last)
    assert done == {"id": "1", "type": "complete"}


async def test_several_changes_of_one_row_are_told_as_it_is_last(api: LiveApi, office: Office):
    action = await rows.an_action(office.contract)
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await follow_actions(subscriber, office)
        for version in range(2, 30):
            await Action.filter(id=action.id).update(version=version)
        told = await subscriber.next_value()
        while told["version"] < 29:
            told = await subscriber.next_value()

    assert told["version"] == 29


async def test_an_administrator_sees_notifications_come_and_be_routed(api: LiveApi, office: Office):
    async with api.subscriber(office.administrator.user_id or 0) as subscriber:
        await subscriber.subscribe(NOTIFICATION, id=organisation_id(office.contract))
        notification = await rows.a_notification(office.contract)
        waiting = await subscriber.next_value()
        await Notification.filter(id=notification.id).update(status=NotificationStatus.ROUTED)
        routed = await subscriber.next_value()

    name = global_id("Notification", notification.id)
    assert [waiting, routed] == [{"id": name, "status": "PENDING"}, {"id": name, "status": "ROUTED"}]


async def test_an_access_manager_sees_tasks_come(api: LiveApi):
    organisation = await rows.an_organisation()
    legal = await rows.a_mandate(organisation=organisation)
    async with api.subscriber(legal.user_id) as subscriber:
        await subscriber.subscribe(TASK, id=global_id("Organisation", organisation.id))
        task = await rows.a_self_registration(organisation, None, Role.USER)

        assert await subscriber.next_value() == {"id": global_id("SelfRegistrationTask", task.id), "status": "OPEN"}
    assert await SelfRegistration.all().count() == 1


@pytest.mark.parametrize("signs", ["complete", "leave"])
async def test_whoever_leaves_is_forgotten(api: LiveApi, office: Office, signs: str):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await follow_actions(subscriber, office)
        if signs == "complete":
            await subscriber.send(type="complete", id="1")
        else:
            await subscriber.socket.close()
        await eventually(lambda: subscription_count() == 0)


async def test_a_document_is_told_from_its_drafting_to_its_sending(api: LiveApi, office: Office):
    sender = office.sender
    async with api.subscriber(office.reader.user_id or 0) as subscriber:
        await subscriber.subscribe(DOCUMENT, id=contract_id(office.contract))
        drafted = await draft_document(
            actor=sender, contract_id=office.contract.id, theme_code="INVOICING", title="Vorderingsstaat"
        )
        told = [await subscriber.next_value()]
        await update_document(actor=sender, document_id=drafted.id, version=1, title="Vorderingsstaat 2")
        told.append(await subscriber.next_value())
        file = await rows.an_attachment(drafted, filename="staat.pdf")
        told.append(await subscriber.next_value())
        await Attachment.filter(id=file.id).update(arrived_at=await rows.now())
        told.append(await subscriber.next_value())
        await send_document(actor=sender, document_id=drafted.id, version=2)
        told.append(await subscriber.next_value())

    assert {each["id"] for each in told} == {global_id("Document", drafted.id)}
    assert [(each["title"], each["status"], each["version"]) for each in told] == [
        ("Vorderingsstaat", "DRAFT", 1),
        ("Vorderingsstaat 2", "DRAFT", 2),
        ("Vorderingsstaat 2", "DRAFT", 2),
        ("Vorderingsstaat 2", "DRAFT", 2),
        ("Vorderingsstaat 2", "SENT", 3),
    ]
    files = [[(one["filename"], one["downloadUrl"] is not None) for one in each["attachments"]] for each in told]
    assert files == [[], [], [("staat.pdf", False)], [("staat.pdf", True)], [("staat.pdf", True)]]


async def test_a_delivery_is_told_when_it_has_arrived_and_not_before(api: LiveApi, office: Office):
    async with api.subscriber(office.reader.user_id or 0) as subscriber:
        await subscriber.subscribe(DOCUMENT, id=contract_id(office.contract))
        delivered = await rows.a_document(office.contract, DocumentStatus.EXPECTED, title="Bestek")
        received = {"status": DocumentStatus.RECEIVED, "received_at": await rows.now()}
        await Document.filter(id=delivered.id).update(**received)

        told = await subscriber.next_value()
    assert (told["title"], told["status"]) == ("Bestek", "RECEIVED")


async def test_documents_and_messages_of_other_themes_and_contracts_are_not_told(api: LiveApi, office: Office):
    contract = office.contract
    async with api.subscriber(office.reader.user_id or 0) as subscriber:
        await subscriber.subscribe(DOCUMENT, "1", id=contract_id(contract))
        await subscriber.subscribe(MESSAGE, "2", id=contract_id(contract))
        hidden = await rows.a_document(contract, theme_code="EXECUTION")
        await rows.a_document()
        await rows.a_message(contract, hidden)
        await rows.a_message()
        document = await rows.a_document(contract)
        message = await rows.a_message(contract, document, subject="Vraag over de staat")

        told = {heard["id"]: heard["payload"]["data"] for heard in [await subscriber.receive() for _ in range(2)]}
    assert told["1"]["documentChanged"]["id"] == global_id("Document", document.id)
    name = global_id("Message", message.id)
    assert told["2"] == {"messageReceived": {"id": name, "subject": "Vraag over de staat"}}


@pytest.mark.parametrize("document", [DOCUMENT, MESSAGE])
async def test_access_lost_ends_what_is_told_of_documents_and_messages(api: LiveApi, office: Office, document: str):
    make = rows.a_document if document == DOCUMENT else rows.a_message
    async with api.subscriber(office.reader.user_id or 0) as subscriber:
        await subscriber.subscribe(document, id=contract_id(office.contract))
        await make(office.contract)
        await subscriber.next_value()
        group = await (await Membership.get(user_id=office.reader.user_id)).group
        await delete_group(actor=office.administrator, group_id=group.id, version=group.version)

        await make(office.contract)

        last, done = await subscriber.receive(), await subscriber.receive()
    assert last["payload"]["data"] is None
    assert [error["extensions"]["code"] for error in last["payload"]["errors"]] == ["NOT_FOUND"]
    assert done == {"id": "1", "type": "complete"}
