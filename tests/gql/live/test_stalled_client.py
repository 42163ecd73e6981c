"""A client that stops reading is disconnected, and others don't notice."""

import asyncio
import base64
import os
import socket
from collections.abc import Awaitable, Callable

import orjson
import pytest

from domain.database.connection import database as connection
from gql.reading.ids import global_id
from tests import rows
from tests.conftest import Environment
from tests.domain.rules.office import Office
from tests.gql.live.live_api import ACTION, LiveApi, live_api, subscription_count
from tests.workers.events import eventually

ROWS = 60
BODY_CHARACTERS = 10_000
# 100 messages of 10 KB: such events soon fill the buffers of the sockets.
HEAVY = """subscription ($id: ID!) { actionChanged(contractId: $id) { contract { messages(first: 100) {
  edges { node { body } } } } } }"""
MANY = f"""insert into action (contract_id, contracting_authority_id, title, status, external_id, content_digest)
  select $1, $2, 'Veel', 'OPEN', gen_random_uuid(), decode(repeat('00', 32), 'hex') from generate_series(1, {ROWS})"""

Subscribe = Callable[["StalledClient", str, dict[str, object]], Awaitable[None]]


class StalledClient:
    """A client that sends its subscription and then never reads again."""

    def __init__(self, api: LiveApi) -> None:
        self.socket = socket.socket()
        # A small receive window, so that unread data soon fills the API's send buffer.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.setblocking(False)  # noqa: FBT003  # the signature of the standard library
        self._host, _, self._port = api.url.removeprefix("http://").partition(":")

    async def connect(self) -> None:
        await asyncio.get_running_loop().sock_connect(self.socket, (self._host, int(self._port)))

    async def send(self, text: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self.socket, text)

    async def receive(self, until: bytes) -> None:
        received = b""
        while until not in received:
            chunk = await asyncio.get_running_loop().sock_recv(self.socket, 1024)
            assert chunk, received
            received += chunk


def frame(message: object) -> bytes:
    """A text message of a client, masked with zeros, and long enough for a length of two bytes."""
    text = orjson.dumps(message).ljust(126)
    return b"\x81" + bytes([0x80 | 126]) + len(text).to_bytes(2, "big") + bytes(4) + text


async def subscribe_over_websocket(client: StalledClient, cookie: str, subscription: dict[str, object]) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    await client.send(
        f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nCookie: {cookie}\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
    )
    await client.receive(b"\r\n\r\n")
    await client.send(frame({"type": "connection_init"}))
    await client.receive(b"connection_ack")
    await client.send(frame({"type": "subscribe", "id": "1", "payload": subscription}))


async def subscribe_over_http(client: StalledClient, cookie: str, subscription: dict[str, object]) -> None:
    body = orjson.dumps(subscription)
    await client.send(
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


@pytest.mark.parametrize("subscribe", [subscribe_over_websocket, subscribe_over_http])
async def test_a_client_that_stops_reading_is_disconnected_and_others_receive_their_events(
    environment: Environment, database: str, office: Office, subscribe: Subscribe
):
    environment.set(LIVE_PATIENCE="0.5", DATABASE_URL=database)
    for _ in range(100):
        await rows.a_message(office.contract, body="x" * BODY_CHARACTERS)
    subscription: dict[str, object] = {"query": HEAVY, "variables": {"id": global_id("Contract", office.contract.id)}}
    async with live_api() as api, api.subscriber(office.sender.user_id or 0) as reader:
        client = StalledClient(api)
        await client.connect()
        await subscribe(client, (await api.session_headers(office.drafter.user_id or 0))["cookie"], subscription)
        await eventually(lambda: subscription_count() == 1)
        await reader.subscribe(ACTION, id=global_id("Contract", office.contract.id))

        await connection().execute_query(MANY, [office.contract.id, office.contract.contracting_authority_id])
        received_ids = {(await reader.next_value())["id"] for _ in range(ROWS)}
        await eventually(lambda: subscription_count() == 1)

        action = await rows.an_action(office.contract)
        assert (await reader.next_value())["id"] == global_id("Action", action.id)
        client.socket.close()
    assert len(received_ids) == ROWS
