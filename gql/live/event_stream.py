"""A subscription over HTTP as server-sent events (graphql-sse, distinct connections)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from gql.live.lines import LEFT, PARTING, TOO_SLOW, Line
from gql.live.service import live
from settings import settings


class EventStream(StreamingResponse):
    """Streams until the subscription is complete, the client leaves, or something on our side ends the line.

    An end of ours leaves out the event `complete`, by which a client knows to connect again.
    """

    def __init__(self, events: AsyncGenerator[str, None], line: Line, headers: Mapping[str, str]) -> None:
        super().__init__(events, headers=headers)
        self._events = events
        self._line = line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        del scope
        lines = live().lines
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        leaving.add_done_callback(lambda _: self._line.drop(LEFT))
        lines.open(self._line)
        try:
            ending = await self._line.carry(self.stream_response(self._hurried(send)))
        finally:
            lines.close(self._line)
            leaving.cancel()
            await self._events.aclose()
        with suppress(TimeoutError):
            if ending not in (None, LEFT):
                async with asyncio.timeout(PARTING):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _hurried(self, send: Send) -> Send:
        """Gives up on a client that doesn't take what it is sent."""

        async def hurried(message: Message) -> None:
            try:
                async with asyncio.timeout(settings().live_patience):
                    await send(message)
            except TimeoutError:
                self._line.drop(TOO_SLOW)
                await asyncio.get_running_loop().create_future()

        return hurried
