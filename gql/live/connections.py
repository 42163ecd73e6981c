"""Connections for subscriptions: how many a viewer may have, and why each is closed."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from gql.live.faults import LimitReached, TooManyConnections, TooManySubscriptions
from settings import settings


@dataclass(frozen=True, slots=True)
class CloseReason:
    """Why a connection is closed. A WebSocket client is told; an event stream just ends.

    Attributes:
        code: The close code of the WebSocket.
        message_template: The reason in English, with `{names}` of the facts: its key in the catalogues.
        facts: The values for the template.
    """

    code: int
    message_template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


CLOSE_TIMEOUT: Final = 1.0
"""Seconds for telling the client why its connection is closed; it reconnects without a reason, too."""
CLIENT_DISCONNECTED: Final = CloseReason(1000, "The client has gone.")
INTERRUPTED: Final = CloseReason(1012, "Live changes were interrupted: connect again, then fetch again.")
TOO_SLOW: Final = CloseReason(1013, "Too far behind: connect again, then fetch again.")
UNAUTHENTICATED: Final = CloseReason(4401, "Sign in first, or give a bearer token in the payload of connection_init.")
SESSION_ENDED: Final = CloseReason(4403, "The session or the token has ended: connect again with a new one.")


class LiveConnection:
    """A WebSocket with any number of subscriptions, or an event stream with one.

    Attributes:
        is_multiplexed: Whether it carries several subscriptions, and outlives each.
        viewer: The key of its viewer; None until they are authenticated.
    """

    def __init__(self, *, is_multiplexed: bool) -> None:
        self.is_multiplexed = is_multiplexed
        self.viewer: str | None = None
        self._close_reason: asyncio.Future[CloseReason] = asyncio.get_running_loop().create_future()

    def close(self, reason: CloseReason) -> None:
        """Has the handler of the connection close it; the first reason counts."""
        if not self._close_reason.done():
            self._close_reason.set_result(reason)

    async def close_and_wait(self, reason: CloseReason) -> NoReturn:
        """Has the handler of the connection close it, and waits until the handler cancels the caller."""
        self.close(reason)
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async def send(self, sending: Awaitable[None]) -> None:
        """Awaits the sending of a message; closes the connection of a client that doesn't accept it in time."""
        try:
            async with asyncio.timeout(settings().live_patience):
                await sending
        except TimeoutError:
            await self.close_and_wait(TOO_SLOW)

    async def run_until_closed(self, handler: Coroutine[Any, Any, None]) -> CloseReason | None:
        """Runs the handler until it returns or the connection is closed.

        Returns:
            The reason; None if the handler returned.
        """
        task = asyncio.create_task(handler)
        either: set[asyncio.Future[Any]] = {task, self._close_reason}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return None if task.done() else self._close_reason.result()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


class ConnectionRegistry:
    """The connections and subscriptions of a process, counted by viewer.

    Args:
        max_connections: How many authenticated WebSockets one viewer may have.
        max_subscriptions: How many subscriptions, over all of their connections.
    """

    def __init__(self, max_connections: int, max_subscriptions: int) -> None:
        self._max_connections = max_connections
        self._max_subscriptions = max_subscriptions
        self._connections: set[LiveConnection] = set()
        self._subscriptions: Counter[str] = Counter()

    @property
    def subscriptions(self) -> int:
        """How many subscriptions there are, of all viewers."""
        return self._subscriptions.total()

    def add(self, connection: LiveConnection) -> None:
        """Adds a connection; its viewer need not be known yet."""
        self._connections.add(connection)

    def remove(self, connection: LiveConnection) -> None:
        """Removes a connection."""
        self._connections.discard(connection)

    def assign_viewer(self, connection: LiveConnection, viewer: str) -> None:
        """Sets the viewer of a connection.

        Raises:
            LimitReached: The viewer has as many connections as one may have.
        """
        if sum(each.viewer == viewer for each in self._connections) >= self._max_connections:
            raise TooManyConnections(self._max_connections)
        connection.viewer = viewer

    def require_capacity(self, viewer: str) -> None:
        """Returns only if the viewer may begin another subscription.

        Raises:
            LimitReached: The viewer has as many as one may have.
        """
        if self._subscriptions[viewer] >= self._max_subscriptions:
            raise self.subscription_limit_reached()

    def subscription_limit_reached(self) -> LimitReached:
        """The fault for a viewer who has as many subscriptions as one may have."""
        return TooManySubscriptions(self._max_subscriptions)

    def begin_subscription(self, viewer: str) -> None:
        """Counts a subscription."""
        self._subscriptions[viewer] += 1

    def end_subscription(self, viewer: str) -> None:
        """Counts it no more."""
        self._subscriptions[viewer] -= 1
        if not self._subscriptions[viewer]:
            del self._subscriptions[viewer]

    def close_all(self, reason: CloseReason) -> None:
        """Closes every connection."""
        for connection in tuple(self._connections):
            connection.close(reason)
