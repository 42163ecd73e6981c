"""The API on a port of this process, and those who follow it over WebSockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from domain.models import User
from gql.app import create_app
from gql.live.service import close_live, live, open_live
from gql.server import Server, listening_socket, server_config
from gql.shared_state import SharedState
from identity import sessions
from tests.workers.events import eventually

ACTION = "subscription ($id: ID!) { actionChanged(contractId: $id) { id title status version } }"
DOCUMENT = """subscription ($id: ID!) { documentChanged(contractId: $id) {
  id title status version attachments { filename downloadUrl } } }"""
MESSAGE = "subscription ($id: ID!) { messageReceived(contractId: $id) { id subject } }"
NOTIFICATION = "subscription ($id: ID!) { notificationChanged(organisationId: $id) { id status } }"
TASK = "subscription ($id: ID!) { taskChanged(organisationId: $id) { id status } }"

ENGLISH = {"accept-language": "en"}
"""What every client here sends unless it sends another: texts come as the code has them."""
LISTENER = "select pid from pg_stat_activity where application_name = 'changes' and datname = current_database()"


class Follower:
    """A client of graphql-transport-ws that is in no hurry to hide anything."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, **message: Any) -> None:
        await self.socket.send(orjson.dumps(message).decode())

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        told: dict[str, Any] = orjson.loads(await self.socket.recv())
        return told

    async def greet(self, **payload: Any) -> Self:
        await self.say(type="connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def subscribe(self, document: str, name: str = "1", **variables: Any) -> None:
        """Subscribes, and waits until the API watches."""
        before = watching()
        await self.say(type="subscribe", id=name, payload={"query": document, "variables": variables})
        await eventually(lambda: watching() > before)

    async def told(self) -> Any:
        """What the next event says."""
        message = await self.hear()
        assert message["type"] == "next", message
        [value] = message["payload"]["data"].values()
        return value

    async def refusal(self, document: str, **variables: Any) -> str:
        """The code with which a subscription is refused from the start."""
        await self.say(type="subscribe", id="refused", payload={"query": document, "variables": variables})
        message = await self.hear()
        assert (message["type"], message["id"]) == ("error", "refused"), message
        [error] = message["payload"]
        return str(error["extensions"]["code"])

    async def closed(self) -> tuple[int, str]:
        """Waits until the API ends the connection; with which code and words."""
        await self.socket.wait_closed()
        return self.socket.close_code or 0, self.socket.close_reason or ""


def watching() -> int:
    """How many subscriptions this process keeps."""
    return live().connections.subscriptions


class Served:
    """A running API.

    Attributes:
        url: Where it is.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    async def cookie(self, user: User | int) -> dict[str, str]:
        """The headers of somebody's browser."""
        token = await sessions.begin(user if isinstance(user, int) else user.id, None)
        return {"cookie": f"session={token}"}

    @asynccontextmanager
    async def socket(self, headers: dict[str, str] | None = None, origin: str | None = None) -> AsyncIterator[Follower]:
        """A WebSocket on which nothing was said yet."""
        address = self.url.replace("http", "ws") + "/graphql"
        async with connect(
            address,
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers=ENGLISH | (headers or {}),
            origin=Origin(origin) if origin else None,
            proxy=None,
        ) as opened:
            yield Follower(opened)

    @asynccontextmanager
    async def follower(self, user: User | int) -> AsyncIterator[Follower]:
        """Somebody in a browser of their own, let in."""
        async with self.socket(await self.cookie(user)) as opened:
            yield await opened.greet()

    def client(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """Somebody who asks over HTTP."""
        return httpx.AsyncClient(base_url=self.url, headers=ENGLISH | (headers or {}), trust_env=False, timeout=60)


@asynccontextmanager
async def served(shared: SharedState | None = None) -> AsyncIterator[Served]:
    """The API of the open database, listening for changes, on a free port of this process."""
    config = server_config(create_app(shared=shared), host="127.0.0.1", port=0, lifespan="off")
    listening, server = listening_socket(config), Server(config)
    open_live()
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await eventually(lambda: server.started and live().is_listening)
        yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        await serving
        await close_live()
