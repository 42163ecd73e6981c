"""Connections: who may open them, how many, and what closes them."""

from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from domain.database.connection import database as connection
from domain.models import AccessRight, Session
from domain.rules.session import end_session
from gql.live.connections import TOO_SLOW
from gql.live.service import live
from gql.reading.ids import global_id
from tests import rows
from tests.conftest import Environment
from tests.domain.rules.office import Office
from tests.gql.live.live_api import ACTION, LISTENER, SESSION_ENDED, LiveApi, Subscriber, live_api, subscription_count
from tests.workers.events import eventually

UNAUTHENTICATED = (4401, "Sign in first, or give a bearer token in the payload of connection_init.")
INTERRUPTED = (1012, "Live changes were interrupted: connect again, then fetch again.")


async def refused_handshake(subscriber: Subscriber, **payload: Any) -> tuple[int, str]:
    """The close code and reason with which a handshake is refused."""
    await subscriber.send(type="connection_init", payload=payload)
    with pytest.raises(ConnectionClosed):
        await subscriber.receive()
    return await subscriber.wait_closed()


async def subscribe_to_actions(subscriber: Subscriber, office: Office, name: str = "1") -> None:
    await subscriber.subscribe(ACTION, name, id=global_id("Contract", office.contract.id))


@pytest.mark.parametrize("headers", [{}, {"cookie": "session=invented"}])
async def test_a_websocket_without_a_valid_session_is_refused(api: LiveApi, headers: dict[str, str]):
    async with api.socket(headers) as subscriber:
        assert await refused_handshake(subscriber) == UNAUTHENTICATED


async def test_a_websocket_from_another_origin_cannot_use_the_session(api: LiveApi, office: Office):
    headers = await api.session_headers(office.drafter.user_id or 0)
    async with api.socket(headers, origin="https://elsewhere.example") as subscriber:
        assert await refused_handshake(subscriber) == UNAUTHENTICATED
    async with api.socket(headers, origin=api.url) as subscriber:
        await subscriber.initialise()


async def test_an_event_stream_from_another_origin_cannot_use_the_session(api: LiveApi, office: Office):
    headers = await api.session_headers(office.drafter.user_id or 0) | {"accept": "text/event-stream"}
    subscription = {"query": ACTION, "variables": {"id": global_id("Contract", office.contract.id)}}
    async with api.client(headers | {"origin": "https://elsewhere.example"}) as client:
        response = await client.post("/graphql", json=subscription)
    assert '"code":"UNAUTHENTICATED"' in response.text


@pytest.mark.parametrize(
    "message",
    ["[]", "7", '"x"', "{}", '{"type": 7}', '{"type": "subscribe"}', '{"type": "subscribe", "id": []}', "no json", b"x",
     '{"type": "subscribe", "id": "1", "payload": {"query": 7}}', '{"type": "complete", "id": {}}'],
)  # fmt: skip
async def test_a_malformed_message_closes_the_connection(api: LiveApi, office: Office, message: str | bytes):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscriber.socket.send(message)
        with pytest.raises(ConnectionClosed):
            await subscriber.receive()
        assert (await subscriber.wait_closed())[0] == 4400


async def test_only_subscriptions_are_accepted_over_a_websocket(api: LiveApi, office: Office):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        for document in ("{ themes { code } }", "mutation { endSession(input: {}) { ended } }"):
            assert await subscriber.refusal_code(document) == "BAD_INPUT"
    assert await Session.filter(ended_at=None).count() == 1


async def test_signing_out_closes_the_connection_at_once(api: LiveApi, office: Office):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        await end_session(actor=office.drafter, session_id=None, every=True)

        assert await subscriber.wait_closed() == SESSION_ENDED
    await eventually(lambda: subscription_count() == 0)


@pytest.mark.parametrize("column", ["expires_at = now()", "last_seen_at = now() - interval '61 minutes'"])
async def test_an_expired_session_closes_an_idle_connection(
    environment: Environment, database: str, office: Office, column: str
):
    environment.set(LIVE_CHECK="0.2", DATABASE_URL=database)
    async with live_api() as api, api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        await execute_statement(f"update session set started_at = started_at - interval '1 day', {column}")

        assert await subscriber.wait_closed() == SESSION_ENDED


async def execute_statement(statement: str) -> None:
    await connection().execute_query(statement)


async def test_an_event_does_not_count_as_use_of_the_session(environment: Environment, database: str, office: Office):
    environment.set(LIVE_CHECK="0.05", DATABASE_URL=database)
    async with live_api() as api, api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        await execute_statement(
            "update session set started_at = now() - interval '2 hours', last_seen_at = now() - interval '5 min'"
        )
        before = (await Session.get()).last_seen_at
        await rows.an_action(office.contract)
        await subscriber.next_value()

        assert (await Session.get()).last_seen_at == before


async def test_a_viewer_has_a_limited_number_of_subscriptions(environment: Environment, database: str, office: Office):
    environment.set(LIVE_SUBSCRIPTIONS="3", DATABASE_URL=database)
    async with live_api() as api:
        drafter, sender = office.drafter.user_id or 0, office.sender.user_id or 0
        async with (
            api.subscriber(drafter) as first,
            api.subscriber(drafter) as second,
            api.subscriber(sender) as of_sender,
        ):
            await subscribe_to_actions(first, office, "a")
            await subscribe_to_actions(first, office, "b")
            await subscribe_to_actions(second, office, "c")
            assert await second.refusal_code(ACTION, id=global_id("Contract", office.contract.id)) == "RATE_LIMITED"
            await subscribe_to_actions(of_sender, office)

            await first.send(type="complete", id="a")
            await eventually(lambda: subscription_count() == 3)
            await subscribe_to_actions(second, office, "d")


async def test_a_viewer_has_a_limited_number_of_connections(environment: Environment, database: str, office: Office):
    environment.set(LIVE_CONNECTIONS="2", DATABASE_URL=database)
    async with live_api() as api:
        drafter = office.drafter.user_id or 0
        async with (
            api.subscriber(drafter) as first,
            api.subscriber(drafter),
            api.subscriber(office.sender.user_id or 0),
        ):
            async with api.socket(await api.session_headers(drafter)) as third:
                reason = "At most 2 connections for live changes are kept for one viewer."
                assert await refused_handshake(third) == (4429, reason)
            await first.socket.close()
            await eventually(lambda: len(live().connections._connections) == 2)
            async with api.subscriber(drafter):
                pass


async def test_a_lost_database_connection_makes_subscribers_reconnect(api: LiveApi, office: Office):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        [listener] = await connection().execute_query_dict(LISTENER)
        await execute_statement(f"select pg_terminate_backend({listener['pid']})")

        assert await subscriber.wait_closed() == INTERRUPTED
    await eventually(lambda: live().is_listening)
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        action = await rows.an_action(office.contract)
        assert (await subscriber.next_value())["id"] == global_id("Action", action.id)


async def test_a_subscriber_that_falls_too_far_behind_must_reconnect(api: LiveApi, office: Office):
    async with api.subscriber(office.drafter.user_id or 0) as subscriber:
        await subscribe_to_actions(subscriber, office)
        # More than may be queued for one subscriber, however many are sent meanwhile.
        await execute_statement(many_actions(office, 1_500))
        assert (await subscriber.wait_closed())[0] == TOO_SLOW.code
    async with api.subscriber(office.drafter.user_id or 0) as reconnected:
        await subscribe_to_actions(reconnected, office)
        await execute_statement(many_actions(office, 300))
        assert len({(await reconnected.next_value())["id"] for _ in range(300)}) == 300


def many_actions(office: Office, number: int) -> str:
    return f"""insert into action (contract_id, contracting_authority_id, title, status, external_id, content_digest)
      select {office.contract.id}, {office.contract.contracting_authority_id}, 'Veel', 'OPEN',
        gen_random_uuid(), '\\x{"00" * 32}' from generate_series(1, {number})"""


async def test_shutdown_makes_subscribers_reconnect(database: str, office: Office):
    assert database
    async with AsyncExitStack() as stack:
        async with live_api() as api:
            subscriber = await stack.enter_async_context(api.subscriber(office.drafter.user_id or 0))
            await subscribe_to_actions(subscriber, office)
        assert (await subscriber.wait_closed())[0] == INTERRUPTED[0]


async def test_a_connection_is_closed_when_its_viewer_loses_their_last_right(
    api: LiveApi, office: Office, environment: Environment
):
    environment.set(LIVE_CHECK="0.05")
    sender = office.sender.user_id or 0
    async with api.subscriber(sender) as subscriber:
        await subscriber.subscribe(ACTION, id=global_id("Contract", office.contract.id))

        await AccessRight.filter(work_relation__user_id=sender).update(
            revoked_at=await rows.now(), revocation_reason="Uit dienst"
        )

        assert await subscriber.wait_closed() == SESSION_ENDED
