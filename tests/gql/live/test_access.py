"""Who may follow is who may read."""

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


async def everyone(office: Office) -> dict[str, int]:
    """People of every kind, by what they are to the contract's organisation."""
    organisation = await office.contract.organisation
    manager = await rows.a_person_with_right(organisation, Role.USER)
    await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, await manager.user, organisation)
    applicant = await rows.a_self_registration(organisation)
    past = await rows.a_work_relation(organisation=organisation)
    await rows.a_right(past, Role.ADMINISTRATOR, revoked_at=await rows.now(), revocation_reason="Uit dienst")
    stranger = await rows.a_person_with_right(None, Role.ADMINISTRATOR, Role.USER)
    legal = await rows.a_mandate(organisation=organisation)
    found = {
        name: getattr(office, name).user_id for name in ("reader", "drafter", "sender", "administrator", "colleague")
    }
    return found | {
        "manager": manager.user_id,
        "applicant": applicant.applicant_id,
        "past administrator": past.user_id,
        "stranger": stranger.user_id,
        "legal representative": legal.user_id,
    }


async def may_read(user_id: int, document: str, key: str) -> bool:
    found: Any = await read(person(user_id), READ[document], id=key)
    return found["node"] is not None and found["node"]["read"] is not None


def subjects(contract: Contract) -> dict[str, str]:
    organisation = global_id("Organisation", contract.organisation_id)
    return dict.fromkeys((TASK, NOTIFICATION), organisation) | dict.fromkeys(
        (ACTION, DOCUMENT, MESSAGE), global_id("Contract", contract.id)
    )


async def test_whoever_may_read_may_follow_and_nobody_else(api: LiveApi, office: Office):
    followed: dict[str, set[str]] = {}
    for name, user_id in (await everyone(office)).items():
        for document, key in subjects(office.contract).items():
            field = document.partition("{ ")[2].partition("(")[0]
            async with api.subscriber(user_id) as subscriber:
                if await may_read(user_id, document, key):
                    await subscriber.subscribe(document, id=key)
                    followed.setdefault(field, set()).add(name)
                else:
                    assert await subscriber.refusal_code(document, id=key) == "NOT_FOUND"

    on_the_contract = {"reader", "drafter", "sender", "administrator", "legal representative"}
    assert followed == {
        "taskChanged": {"manager", "legal representative"},
        "notificationChanged": {"administrator", "legal representative"},
        "actionChanged": on_the_contract,
        "documentChanged": on_the_contract,
        "messageReceived": on_the_contract,
    }


async def test_missing_and_forbidden_look_alike(api: LiveApi, office: Office):
    async with api.subscriber(office.colleague.user_id or 0) as subscriber:
        told = []
        for key in (
            global_id("Contract", office.contract.id),
            global_id("Contract", 987_654),
            global_id("Organisation", office.contract.organisation_id),
            "rubbish",
        ):
            await subscriber.send(type="subscribe", id="1", payload={"query": ACTION, "variables": {"id": key}})
            message = await subscriber.receive()
            told.append(message["payload"])

    assert told[0][0]["message"] == "There is no such object that you may follow."
    assert told == [told[0]] * 4


async def test_a_reader_of_the_contract_is_told_of_no_action(api: LiveApi, office: Office):
    async with (
        api.subscriber(office.reader.user_id or 0) as reader,
        api.subscriber(office.sender.user_id or 0) as sender,
    ):
        for subscriber in (reader, sender):
            await subscriber.subscribe(ACTION, id=global_id("Contract", office.contract.id))
        await rows.an_action(office.contract)
        await sender.next_value()
        # The reader's own turn is over once something else is answered.
        assert await reader.refusal_code(ACTION, id="rubbish") == "NOT_FOUND"
