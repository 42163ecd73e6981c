"""Clients that subscribe to live changes of a demo over a WebSocket."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.end_to_end.people import Json, Visitor

TIMEOUT = 60.0


class Subscriber:
    """A client's subscriptions, each named after its field."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._pending: dict[str, list[Json]] = {}

    def subscribe(self, field: str, argument: str, key: str, selection: str) -> None:
        """Subscribes to a field of Subscription."""
        query = f"subscription ($id: ID!) {{ {field}({argument}: $id) {{ {selection} }} }}"
        payload = {"query": query, "variables": {"id": key}}
        self._pending[field] = []
        self._socket.send(json.dumps({"type": "subscribe", "id": field, "payload": payload}))

    def next_event(self, field: str, matches: Callable[[Json], Any]) -> Json:
        """The next event of a field for which `matches` is true; other events stay pending."""
        while True:
            for event in self._pending[field]:
                if matches(event):
                    self._pending[field].remove(event)
                    return event
            message = json.loads(self._socket.recv(timeout=TIMEOUT))
            assert message["type"] == "next", message
            self._pending[message["id"]].append(message["payload"]["data"][message["id"]])


@contextmanager
def open_subscriber(visitor: Visitor) -> Iterator[Subscriber]:
    """A visitor's WebSocket, authenticated by their session cookie or token."""
    headers = {name: visitor.client.headers[name] for name in ("authorization",) if name in visitor.client.headers}
    headers["cookie"] = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.client.cookies.jar)
    address = visitor.ports.public_url.replace("http", "ws") + "/graphql"
    with connect(
        address, subprotocols=[Subprotocol("graphql-transport-ws")], additional_headers=headers, proxy=None
    ) as socket:
        socket.send('{"type": "connection_init"}')
        assert json.loads(socket.recv(timeout=TIMEOUT)) == {"type": "connection_ack"}
        yield Subscriber(socket)
