"""The events that a subscriber receives, and what ends a subscription."""

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


async def subscribe_to_actions(subscriber: Subscriber, office: Office) -> None:
    await subscriber.subscribe(ACTION, id=contract_id(office.contract))


async def test_every_change_of_an_action_is_an_event(api: LiveApi, office: Office):
    drafter = office.drafter
    async with api.subscriber(drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        action = await rows.an_action(office.contract, title="Bezorg de borgtocht")
        values = [await subscriber.next_value()]
        changes: list[Callable[[], Awaitable[object]]] = [
            lambda: assign_action(actor=drafter, action_id=action.id, version=1, user_id=drafter.user_id),
            lambda: release_action(actor=drafter, action_id=action.id, version=2, reason=None),
            lambda: assign_action(actor=drafter, action_id=action.id, version=3, user_id=drafter.user_id),
            lambda: complete_action(actor=drafter, action_id=action.id, version=4),
        ]
        for change in changes:
            await change()
            values.append(await subscriber.next_value())

    assert values == [
        {"id": action_id(action), "title": "Bezorg de borgtocht", "status": status, "version": version}
        for version, status in enumerate(("OPEN", "ASSIGNED", "OPEN", "ASSIGNED", "DONE"), 1)
    ]


async def test_events_are_those_of_the_contract_subscribed_to(api: LiveApi, office: Office):
    group = await rows.a_group(await office.contract.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    member = await rows.a_membership(group)
    contract, other_contract = [await rows.a_contract(await office.contract.organisation) for _ in range(2)]
    for linked in (contract, other_contract):
        await rows.a_link(linked, group)
    async with api.subscriber(member.user_id) as subscriber:
        await subscriber.subscribe(ACTION, id=contract_id(contract))
        await rows.an_action(other_contract)
        action = await rows.an_action(contract)

        assert (await subscriber.next_value())["id"] == action_id(action)


async def test_an_action_that_the_subscriber_may_not_see_is_no_event(api: LiveApi, office: Office):
    theme = (await rows.a_document(office.contract)).theme_id
    hidden_document = await rows.a_document(office.contract, theme_code="EXECUTION")
    assert hidden_document.theme_id != theme
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        await rows.an_action(office.contract, hidden_document)
        action = await rows.an_action(office.contract)

        assert (await subscriber.next_value())["id"] == action_id(action)


async def test_a_subscription_to_actions_ends_when_access_is_lost(api: LiveApi, office: Office):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        await rows.an_action(office.contract)
        await subscriber.next_value()
        group = await (await Membership.get(user_id=office.drafter.user_id)).group
        await delete_group(actor=office.administrator, group_id=group.id, version=group.version)

        await rows.an_action(office.contract, title="Niet meer voor wie weg is")

        refusal, end = await subscriber.receive(), await subscriber.receive()
    assert (refusal["type"], refusal["payload"]["data"]) == ("next", None)
    assert [error["extensions"]["code"] for error in refusal["payload"]["errors"]] == ["NOT_FOUND"]
    assert "Niet meer" not in str(refusal)
    assert end == {"id": "1", "type": "complete"}


async def test_fast_changes_of_one_row_end_with_its_last_state(api: LiveApi, office: Office):
    action = await rows.an_action(office.contract)
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        for version in range(2, 30):
            await Action.filter(id=action.id).update(version=version)
        versions = [(await subscriber.next_value())["version"]]
        while versions[-1] < 29:
            versions.append((await subscriber.next_value())["version"])

    assert versions == sorted(set(versions))
    assert versions[-1] == 29


async def test_an_administrator_receives_a_notification_and_its_routing(api: LiveApi, office: Office):
    async with api.subscriber(office.administrator.user_id or 0) as subscriber:
        await subscriber.subscribe(NOTIFICATION, id=organisation_id(office.contract))
        notification = await rows.a_notification(office.contract)
        pending = await subscriber.next_value()
        await Notification.filter(id=notification.id).update(status=NotificationStatus.ROUTED)
        routed = await subscriber.next_value()

    node_id = global_id("Notification", notification.id)
    assert [pending, routed] == [{"id": node_id, "status": "PENDING"}, {"id": node_id, "status": "ROUTED"}]


async def test_an_access_manager_receives_a_new_task(api: LiveApi):
    organisation = await rows.an_organisation()
    legal = await rows.a_mandate(organisation=organisation)
    async with api.subscriber(legal.user_id) as subscriber:
        await subscriber.subscribe(TASK, id=global_id("Organisation", organisation.id))
        task = await rows.a_self_registration(organisation, None, Role.USER)

        assert await subscriber.next_value() == {"id": global_id("SelfRegistrationTask", task.id), "status": "OPEN"}
    assert await SelfRegistration.all().count() == 1


@pytest.mark.parametrize("by", ["complete", "disconnecting"])
async def test_a_subscription_is_removed_when_the_client_ends_it(api: LiveApi, office: Office, by: str):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        if by == "complete":
            await subscriber.send(type="complete", id="1")
        else:
            await subscriber.socket.close()
        await eventually(lambda: subscription_count() == 0)


async def test_every_change_of_a_document_is_an_event(api: LiveApi, office: Office):
    sender = office.sender
    async with api.subscriber(office.reader.user_id or 0) as subscriber:
        await subscriber.subscribe(DOCUMENT, id=contract_id(office.contract))
        document = await draft_document(
            actor=sender, contract_id=office.contract.id, theme_code="INVOICING", title="Vorderingsstaat"
        )
        values = [await subscriber.next_value()]
        await update_document(actor=sender, document_id=document.id, version=1, title="Vorderingsstaat 2")
        values.append(await subscriber.next_value())
        file = await rows.an_attachment(document, filename="staat.pdf")
        values.append(await subscriber.next_value())
        await Attachment.filter(id=file.id).update(arrived_at=await rows.now())
        values.append(await subscriber.next_value())
        await send_document(actor=sender, document_id=document.id, version=2)
        values.append(await subscriber.next_value())

    assert {value["id"] for value in values} == {global_id("Document", document.id)}
    assert [(value["title"], value["status"], value["version"]) for value in values] == [
        ("Vorderingsstaat", "DRAFT", 1),
        ("Vorderingsstaat 2", "DRAFT", 2),
        ("Vorderingsstaat 2", "DRAFT", 2),
        ("Vorderingsstaat 2", "DRAFT", 2),
        ("Vorderingsstaat 2", "SENT", 3),
    ]
    files = [
        [(attachment["filename"], attachment["downloadUrl"] is not None) for attachment in value["attachments"]]
        for value in values
    ]
    assert files == [[], [], [("staat.pdf", False)], [("staat.pdf", True)], [("staat.pdf", True)]]


async def test_a_delivered_document_is_an_event_when_it_is_received(api: LiveApi, office: Office):
    async with api.subscriber(office.reader.user_id or 0) as subscriber:
        await subscriber.subscribe(DOCUMENT, id=contract_id(office.contract))
        delivered = await rows.a_document(office.contract, DocumentStatus.EXPECTED, title="Bestek")
        received = {"status": DocumentStatus.RECEIVED, "received_at": await rows.now()}
        await Document.filter(id=delivered.id).update(**received)

        value = await subscriber.next_value()
    assert (value["title"], value["status"]) == ("Bestek", "RECEIVED")


async def test_documents_and_messages_of_other_themes_and_contracts_are_no_events(api: LiveApi, office: Office):
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

        data_by_subscription = {
            event["id"]: event["payload"]["data"] for event in [await subscriber.receive() for _ in range(2)]
        }
    assert data_by_subscription["1"]["documentChanged"]["id"] == global_id("Document", document.id)
    message_id = global_id("Message", message.id)
    assert data_by_subscription["2"] == {"messageReceived": {"id": message_id, "subject": "Vraag over de staat"}}


@pytest.mark.parametrize("subscription", [DOCUMENT, MESSAGE])
async def test_a_subscription_to_documents_or_messages_ends_when_access_is_lost(
    api: LiveApi, office: Office, subscription: str
):
    create = rows.a_document if subscription == DOCUMENT else rows.a_message
    async with api.subscriber(office.reader.user_id or 0) as subscriber:
        await subscriber.subscribe(subscription, id=contract_id(office.contract))
        await create(office.contract)
        await subscriber.next_value()
        group = await (await Membership.get(user_id=office.reader.user_id)).group
        await delete_group(actor=office.administrator, group_id=group.id, version=group.version)

        await create(office.contract)

        refusal, end = await subscriber.receive(), await subscriber.receive()
    assert refusal["payload"]["data"] is None
    assert [error["extensions"]["code"] for error in refusal["payload"]["errors"]] == ["NOT_FOUND"]
    assert end == {"id": "1", "type": "complete"}
