"""Whoever may read something may subscribe to it, and nobody else."""

from typing import Any

import pytest

from domain.models import AccessMandateKind, Contract, Role
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.office import Office
from tests.gql.execution import person, read
from tests.gql.live.live_api import ACTION, DOCUMENT, MESSAGE, NOTIFICATION, TASK, LiveApi

pytestmark = pytest.mark.usefixtures("database")

READ = {
    TASK: "query ($id: ID!) { node(id: $id) { ... on Organisation { read: tasks { totalCount } } } }",
    NOTIFICATION: "query ($id: ID!) { node(id: $id) { ... on Organisation { read: notifications { totalCount } } } }",
    ACTION: "query ($id: ID!) { node(id: $id) { ... on Contract { read: actions { totalCount } } } }",
    DOCUMENT: "query ($id: ID!) { node(id: $id) { ... on Contract { read: documents { totalCount } } } }",
    MESSAGE: "query ($id: ID!) { node(id: $id) { ... on Contract { read: messages { totalCount } } } }",
}


async def user_ids_by_kind(office: Office) -> dict[str, int]:
    """Users of every kind, by what they are to the contract's organisation."""
    organisation = await office.contract.organisation
    manager = await rows.a_person_with_right(organisation, Role.USER)
    await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, await manager.user, organisation)
    applicant = await rows.a_self_registration(organisation)
    past = await rows.a_work_relation(organisation=organisation)
    await rows.a_right(past, Role.ADMINISTRATOR, revoked_at=await rows.now(), revocation_reason="Uit dienst")
    stranger = await rows.a_person_with_right(None, Role.ADMINISTRATOR, Role.USER)
    legal = await rows.a_mandate(organisation=organisation)
    people_of_the_office = {
        name: getattr(office, name).user_id for name in ("reader", "drafter", "sender", "administrator", "colleague")
    }
    return people_of_the_office | {
        "manager": manager.user_id,
        "applicant": applicant.applicant_id,
        "past administrator": past.user_id,
        "stranger": stranger.user_id,
        "legal representative": legal.user_id,
    }


async def may_read(user_id: int, document: str, node_id: str) -> bool:
    data: Any = await read(person(user_id), READ[document], id=node_id)
    return data["node"] is not None and data["node"]["read"] is not None


def node_id_by_subscription(contract: Contract) -> dict[str, str]:
    organisation = global_id("Organisation", contract.organisation_id)
    return dict.fromkeys((TASK, NOTIFICATION), organisation) | dict.fromkeys(
        (ACTION, DOCUMENT, MESSAGE), global_id("Contract", contract.id)
    )


async def test_a_user_may_subscribe_to_exactly_what_they_may_read(api: LiveApi, office: Office):
    subscribed: dict[str, set[str]] = {}
    for kind, user_id in (await user_ids_by_kind(office)).items():
        for document, node_id in node_id_by_subscription(office.contract).items():
            field = document.partition("{ ")[2].partition("(")[0]
            async with api.subscriber(user_id) as subscriber:
                if await may_read(user_id, document, node_id):
                    await subscriber.subscribe(document, id=node_id)
                    subscribed.setdefault(field, set()).add(kind)
                else:
                    assert await subscriber.refusal_code(document, id=node_id) == "NOT_FOUND"

    on_the_contract = {"reader", "drafter", "sender", "administrator", "legal representative"}
    assert subscribed == {
        "taskChanged": {"manager", "legal representative"},
        "notificationChanged": {"administrator", "legal representative"},
        "actionChanged": on_the_contract,
        "documentChanged": on_the_contract,
        "messageReceived": on_the_contract,
    }


async def test_missing_and_forbidden_look_alike(api: LiveApi, office: Office):
    async with api.subscriber(office.colleague.user_id or 0) as subscriber:
        payloads = []
        for node_id in (
            global_id("Contract", office.contract.id),
            global_id("Contract", 987_654),
            global_id("Organisation", office.contract.organisation_id),
            "rubbish",
        ):
            await subscriber.send(type="subscribe", id="1", payload={"query": ACTION, "variables": {"id": node_id}})
            message = await subscriber.receive()
            payloads.append(message["payload"])

    assert payloads[0][0]["message"] == "There is no such object that you may follow."
    assert payloads == [payloads[0]] * 4


async def test_a_reader_receives_no_events_of_actions(api: LiveApi, office: Office):
    async with (
        api.subscriber(office.reader.user_id or 0) as reader,
        api.subscriber(office.sender.user_id or 0) as sender,
    ):
        for subscriber in (reader, sender):
            await subscriber.subscribe(ACTION, id=global_id("Contract", office.contract.id))
        await rows.an_action(office.contract)
        await sender.next_value()
        # Events are sent in order: had the action been sent, it would come before this refusal.
        assert await reader.refusal_code(ACTION, id="rubbish") == "NOT_FOUND"
