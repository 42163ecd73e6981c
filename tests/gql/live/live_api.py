"""The API on a port of this process, and its subscribers over WebSockets."""

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
"""The default headers of every client here."""
SESSION_ENDED = (4403, "The session or the token has ended: connect again with a new one.")
"""The close code and reason when a session ends, or a bearer token."""
LISTENER = "select pid from pg_stat_activity where application_name = 'changes' and datname = current_database()"


class Subscriber:
    """A client of graphql-transport-ws whose every message the tests see."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, **message: Any) -> None:
        await self.socket.send(orjson.dumps(message).decode())

    async def receive(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = orjson.loads(await self.socket.recv())
        return message

    async def initialise(self, **payload: Any) -> Self:
        await self.send(type="connection_init", payload=payload)
        assert await self.receive() == {"type": "connection_ack"}
        return self

    async def subscribe(self, document: str, name: str = "1", **variables: Any) -> None:
        """Subscribes, and waits until the API has registered the subscription."""
        before = subscription_count()
        await self.send(type="subscribe", id=name, payload={"query": document, "variables": variables})
        await eventually(lambda: subscription_count() > before)

    async def next_value(self) -> Any:
        """The value of the next event."""
        message = await self.receive()
        assert message["type"] == "next", message
        [value] = message["payload"]["data"].values()
        return value

    async def refusal_code(self, document: str, **variables: Any) -> str:
        """The code of the error with which a subscription is refused."""
        await self.send(type="subscribe", id="refused", payload={"query": document, "variables": variables})
        message = await self.receive()
        assert (message["type"], message["id"]) == ("error", "refused"), message
        [error] = message["payload"]
        return str(error["extensions"]["code"])

    async def wait_closed(self) -> tuple[int, str]:
        """Waits until the API closes the connection; the close code and reason."""
        await self.socket.wait_closed()
        return self.socket.close_code or 0, self.socket.close_reason or ""


def subscription_count() -> int:
    """How many subscriptions are active in this process."""
    return live().connections.subscriptions


class LiveApi:
    """A running API.

    Attributes:
        url: Where it is.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    async def session_headers(self, user: User | int) -> dict[str, str]:
        """The headers of a browser in which the user is signed in."""
        token = await sessions.begin(user if isinstance(user, int) else user.id, None)
        return {"cookie": f"session={token}"}

    @asynccontextmanager
    async def socket(
        self, headers: dict[str, str] | None = None, origin: str | None = None
    ) -> AsyncIterator[Subscriber]:
        """An open WebSocket on which nothing has been sent yet."""
        address = self.url.replace("http", "ws") + "/graphql"
        async with connect(
            address,
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers=ENGLISH | (headers or {}),
            origin=Origin(origin) if origin else None,
            proxy=None,
        ) as opened:
            yield Subscriber(opened)

    @asynccontextmanager
    async def subscriber(self, user: User | int) -> AsyncIterator[Subscriber]:
        """A user's connection after the handshake of graphql-transport-ws."""
        async with self.socket(await self.session_headers(user)) as opened:
            yield await opened.initialise()

    def client(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """An HTTP client."""
        return httpx.AsyncClient(base_url=self.url, headers=ENGLISH | (headers or {}), trust_env=False, timeout=60)


@asynccontextmanager
async def live_api(shared: SharedState | None = None) -> AsyncIterator[LiveApi]:
    """The API of the open database, listening for changes, on a free port of this process."""
    config = server_config(create_app(shared=shared), host="127.0.0.1", port=0, lifespan="off")
    listening, server = listening_socket(config), Server(config)
    open_live()
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await eventually(lambda: server.started and live().is_listening)
        yield LiveApi(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        await serving
        await close_live()
