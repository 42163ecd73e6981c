"""The public JavaScript clients graphql-ws and graphql-sse, as subscribers."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from domain.database.connection import database as connection
from domain.models import Contract, Membership
from domain.models.row import Row
from domain.rules.group_deletion import delete_group
from domain.rules.session import end_session
from gql.live.service import live
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.office import Office
from tests.gql.access_mutations import id_of
from tests.gql.live.live_api import LISTENER, LiveApi, subscription_count
from tests.gql.live.public_clients import PublicClient, public_client
from tests.workers.events import eventually

ACTION = "subscription ($id: ID!) { actionChanged(contractId: $id) { title } }"
TRANSPORTS = pytest.mark.parametrize("transport", ["ws", "sse"])


def subscribed_client(
    api: LiveApi, office: Office, transport: str, headers: dict[str, str], document: str = ACTION
) -> Any:
    return public_client(transport, api.url, headers, document, id=global_id("Contract", office.contract.id))


async def wait_until_subscribed(client: PublicClient) -> None:
    await client.expect_events("connected")
    await eventually(lambda: subscription_count() == 1)


async def is_listener_replaced(pid: int) -> bool:
    """Has another connection taken the place of the one with this process id?"""
    listeners = await connection().execute_query_dict(LISTENER)
    return bool(listeners) and pid not in [listener["pid"] for listener in listeners]


@TRANSPORTS
async def test_a_client_receives_events_until_access_is_lost(api: LiveApi, office: Office, transport: str):
    drafter = office.drafter.user_id or 0
    async with subscribed_client(api, office, transport, await api.session_headers(drafter)) as client:
        await wait_until_subscribed(client)
        for title in ("Bezorg de borgtocht", "Bezorg de planning"):
            await rows.an_action(office.contract, title=title)
            [event] = await client.expect_events("next")
            assert event["data"] == {"actionChanged": {"title": title}}
        group = await (await Membership.get(user_id=drafter)).group
        await delete_group(actor=office.administrator, group_id=group.id, version=group.version)
        await rows.an_action(office.contract)

        [refusal, _] = await client.expect_events("next", "complete")
    assert refusal.get("data") is None
    assert [error["extensions"]["code"] for error in refusal["errors"]] == ["NOT_FOUND"]


@TRANSPORTS
@pytest.mark.parametrize(
    ("document", "create"),
    [
        ("subscription ($id: ID!) { documentChanged(contractId: $id) { id } }", rows.a_document),
        ("subscription ($id: ID!) { messageReceived(contractId: $id) { id } }", rows.a_message),
    ],
)
async def test_a_client_receives_documents_and_messages(
    api: LiveApi, office: Office, transport: str, document: str, create: Callable[[Contract], Awaitable[Row]]
):
    headers = await api.session_headers(office.reader.user_id or 0)
    async with subscribed_client(api, office, transport, headers, document) as client:
        await wait_until_subscribed(client)
        row = await create(office.contract)

        [event] = await client.expect_events("next")
    assert list(event["data"].values()) == [{"id": id_of(row)}]


@TRANSPORTS
async def test_a_client_reconnects_by_itself_after_the_database_connection_was_lost(
    api: LiveApi, office: Office, transport: str
):
    async with subscribed_client(
        api, office, transport, await api.session_headers(office.drafter.user_id or 0)
    ) as client:
        await wait_until_subscribed(client)
        [listener] = await connection().execute_query_dict(LISTENER)
        await connection().execute_query(f"select pg_terminate_backend({listener['pid']})")
        await client.wait_for_event("connected")
        # The client may connect several times before the API listens again.
        await eventually(lambda: is_listener_replaced(listener["pid"]))
        await eventually(lambda: live().is_listening and subscription_count() == 1)
        await rows.an_action(office.contract, title="Na de herstart")

        event = await client.wait_for_event("next")
    assert event["data"] == {"actionChanged": {"title": "Na de herstart"}}


async def test_graphql_ws_gives_up_after_a_sign_out(api: LiveApi, office: Office):
    async with subscribed_client(api, office, "ws", await api.session_headers(office.drafter.user_id or 0)) as client:
        await wait_until_subscribed(client)
        await end_session(actor=office.drafter, session_id=None, every=True)

        assert await client.expect_events("closed", "closed", "error") == [4403, 4401, 4401]


async def test_graphql_sse_receives_unauthenticated_after_a_sign_out(api: LiveApi, office: Office):
    async with subscribed_client(api, office, "sse", await api.session_headers(office.drafter.user_id or 0)) as client:
        await wait_until_subscribed(client)
        await end_session(actor=office.drafter, session_id=None, every=True)

        [refusal, _] = await client.expect_events("next", "complete")
    assert [error["extensions"]["code"] for error in refusal["errors"]] == ["UNAUTHENTICATED"]


async def test_graphql_ws_receives_the_refusal_of_a_subscription(api: LiveApi, office: Office):
    async with subscribed_client(api, office, "ws", await api.session_headers(office.colleague.user_id or 0)) as client:
        assert await client.expect_events("connected", "error") == [None, ["NOT_FOUND"]]


async def test_graphql_sse_receives_the_refusal_of_a_subscription(api: LiveApi, office: Office):
    async with subscribed_client(
        api, office, "sse", await api.session_headers(office.colleague.user_id or 0)
    ) as client:
        [_, refusal, _] = await client.expect_events("connected", "next", "complete")
    assert [error["extensions"]["code"] for error in refusal["errors"]] == ["NOT_FOUND"]
