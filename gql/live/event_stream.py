"""Subscriptions over HTTP as server-sent events (graphql-sse, distinct connections mode)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from gql.live.connections import CLIENT_DISCONNECTED, CLOSE_TIMEOUT, LiveConnection
from gql.live.service import live


class EventStreamResponse(StreamingResponse):
    """Streams until the subscription completes, the client disconnects, or we close the connection.

    When we close it, the event `complete` is left out, by which a client knows to connect again.
    """

    def __init__(
        self, events: AsyncGenerator[str, None], connection: LiveConnection, headers: Mapping[str, str]
    ) -> None:
        super().__init__(events, headers=headers)
        self._events = events
        self._connection = connection

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        del scope
        connections = live().connections
        disconnect = asyncio.create_task(self.listen_for_disconnect(receive))
        disconnect.add_done_callback(lambda _: self._connection.close(CLIENT_DISCONNECTED))
        connections.add(self._connection)
        try:
            reason = await self._connection.run_until_closed(self.stream_response(self._with_timeout(send)))
        finally:
            connections.remove(self._connection)
            disconnect.cancel()
            await self._events.aclose()
        with suppress(TimeoutError):
            if reason not in (None, CLIENT_DISCONNECTED):
                async with asyncio.timeout(CLOSE_TIMEOUT):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _with_timeout(self, send: Send) -> Send:
        async def send_with_timeout(message: Message) -> None:
            await self._connection.send(send(message))

        return send_with_timeout
