"""Those who follow live changes of a demo over a WebSocket."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.end_to_end.people import Json, Visitor

PATIENCE = 60.0


class Follower:
    """Somebody's subscriptions, each under the name of its field."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._heard: dict[str, list[Json]] = {}

    def follow(self, field: str, argument: str, key: str, selection: str) -> None:
        """Subscribes to one of the fields."""
        query = f"subscription ($id: ID!) {{ {field}({argument}: $id) {{ {selection} }} }}"
        payload = {"query": query, "variables": {"id": key}}
        self._heard[field] = []
        self._socket.send(json.dumps({"type": "subscribe", "id": field, "payload": payload}))

    def told(self, field: str, matches: Callable[[Json], Any]) -> Json:
        """The next event of a field that matches; those of other fields are kept for later."""
        while True:
            for event in self._heard[field]:
                if matches(event):
                    self._heard[field].remove(event)
                    return event
            message = json.loads(self._socket.recv(timeout=PATIENCE))
            assert message["type"] == "next", message
            self._heard[message["id"]].append(message["payload"]["data"][message["id"]])


@contextmanager
def following(visitor: Visitor) -> Iterator[Follower]:
    """A visitor's WebSocket, let in by what they are signed in with."""
    headers = {name: visitor.client.headers[name] for name in ("authorization",) if name in visitor.client.headers}
    headers["cookie"] = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.client.cookies.jar)
    address = visitor.ports.public_url.replace("http", "ws") + "/graphql"
    with connect(
        address, subprotocols=[Subprotocol("graphql-transport-ws")], additional_headers=headers, proxy=None
    ) as socket:
        socket.send('{"type": "connection_init"}')
        assert json.loads(socket.recv(timeout=PATIENCE)) == {"type": "connection_ack"}
        yield Follower(socket)
