"""What the public JavaScript clients make of what they are told."""

from typing import Any

import pytest

from domain.database.connection import database as connection
from domain.models import Membership
from domain.rules.group_deletion import delete_group
from domain.rules.session import end_session
from gql.live.service import live
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.office import Office
from tests.gql.live.live_api import LISTENER, LiveApi, subscription_count
from tests.gql.live.public_clients import PublicClient, public_client
from tests.workers.events import eventually

ACTION = "subscription ($id: ID!) { actionChanged(contractId: $id) { title } }"
TRANSPORTS = pytest.mark.parametrize("transport", ["ws", "sse"])


def following(api: LiveApi, office: Office, transport: str, headers: dict[str, str], document: str = ACTION) -> Any:
    return public_client(transport, api.url, headers, document, id=global_id("Contract", office.contract.id))


async def watched(client: PublicClient) -> None:
    await client.says("connected")
    await eventually(lambda: subscription_count() == 1)


async def another_listens(pid: int) -> bool:
    """Has the connection that was lost been replaced?"""
    listening = await connection().execute_query_dict(LISTENER)
    return bool(listening) and pid not in [each["pid"] for each in listening]


@TRANSPORTS
async def test_it_is_told_until_access_is_lost(api: LiveApi, office: Office, transport: str):
    drafter = office.drafter.user_id or 0
    async with following(api, office, transport, await api.session_headers(drafter)) as client:
        await watched(client)
        for title in ("Bezorg de borgtocht", "Bezorg de planning"):
            await rows.an_action(office.contract, title=title)
            [told] = await client.says("next")
            assert told["data"] == {"actionChanged": {"title": title}}
        group = await (await Membership.get(user_id=drafter)).group
        await delete_group(actor=office.administrator, group_id=group.id, version=group.version)
        await rows.an_action(office.contract)

        [last, _] = await client.says("next", "complete")
    assert last.get("data") is None
    assert [error["extensions"]["code"] for error in last["errors"]] == ["NOT_FOUND"]


@TRANSPORTS
async def test_documents_and_messages_are_told_likewise(api: LiveApi, office: Office, transport: str):
    for document, make in (
        ("subscription ($id: ID!) { documentChanged(contractId: $id) { id } }", rows.a_document),
        ("subscription ($id: ID!) { messageReceived(contractId: $id) { id } }", rows.a_message),
    ):
        headers = await api.session_headers(office.reader.user_id or 0)
        async with following(api, office, transport, headers, document) as client:
            await watched(client)
            made = await make(office.contract)

            [told] = await client.says("next")
        assert list(told["data"].values()) == [{"id": global_id(type(made).__name__, made.id)}]
        await eventually(lambda: subscription_count() == 0)


@TRANSPORTS
async def test_it_comes_back_by_itself_when_the_database_was_lost(api: LiveApi, office: Office, transport: str):
    async with following(api, office, transport, await api.session_headers(office.drafter.user_id or 0)) as client:
        await watched(client)
        [listener] = await connection().execute_query_dict(LISTENER)
        await connection().execute_query(f"select pg_terminate_backend({listener['pid']})")
        await client.comes_to_say("connected")
        # It may knock several times before there is anything to hear.
        await eventually(lambda: another_listens(listener["pid"]))
        await eventually(lambda: live().is_listening and subscription_count() == 1)
        await rows.an_action(office.contract, title="Na de herstart")

        told = await client.comes_to_say("next")
    assert told["data"] == {"actionChanged": {"title": "Na de herstart"}}


async def test_graphql_ws_gives_up_once_its_person_has_signed_out(api: LiveApi, office: Office):
    async with following(api, office, "ws", await api.session_headers(office.drafter.user_id or 0)) as client:
        await watched(client)
        await end_session(actor=office.drafter, session_id=None, every=True)

        assert await client.says("closed", "closed", "error") == [4403, 4401, 4401]


async def test_graphql_sse_is_told_that_its_person_has_signed_out(api: LiveApi, office: Office):
    async with following(api, office, "sse", await api.session_headers(office.drafter.user_id or 0)) as client:
        await watched(client)
        await end_session(actor=office.drafter, session_id=None, every=True)

        [last, _] = await client.says("next", "complete")
    assert [error["extensions"]["code"] for error in last["errors"]] == ["UNAUTHENTICATED"]


async def test_graphql_ws_is_told_why_it_may_not_follow(api: LiveApi, office: Office):
    async with following(api, office, "ws", await api.session_headers(office.colleague.user_id or 0)) as client:
        assert await client.says("connected", "error") == [None, ["NOT_FOUND"]]


async def test_graphql_sse_is_told_why_it_may_not_follow(api: LiveApi, office: Office):
    async with following(api, office, "sse", await api.session_headers(office.colleague.user_id or 0)) as client:
        [_, refused, _] = await client.says("connected", "next", "complete")
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["NOT_FOUND"]
