"""What the API does for subscriptions, beside its ordinary requests."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from datetime import timedelta
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http.streaming import HTTPStreamTransport
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from gql.context import Context
from gql.http.media_types import prefers_event_stream
from gql.live.context import LiveContext
from gql.live.event_stream import EventStream
from gql.live.lines import Line
from gql.live.websocket import Adapter, Handler
from identity.backend import credentials_of

INTRODUCTION: Final = timedelta(seconds=10)
"""How long a WebSocket may be open before it says who it is."""


class Streaming(GraphQL[Context, None]):
    """Subscriptions over WebSockets, and over HTTP as streams of events."""

    websocket_adapter_class = Adapter
    graphql_transport_ws_handler_class = Handler

    def __init__(self, schema: BaseSchema) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=INTRODUCTION,
            # The handler counts them, in words of ours.
            max_subscriptions_per_connection=None,
        )

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Always: a page elsewhere must bring a token, since only our own pages may use the session."""
        del request, origin
        return True

    def wants_stream(self, request: Request) -> bool:
        """Is the answer to be one event after another?"""
        return self._get_stream_transport_from_headers(request.headers) is not None

    def _get_stream_transport_from_headers(self, headers: Mapping[str, str]) -> HTTPStreamTransport | None:
        """A stream for a client that prefers one: the library gives it to each that would take one, too."""
        return (
            super()._get_stream_transport_from_headers(headers) if prefers_event_stream(headers.get("accept")) else None
        )

    def context_for(self, context: Context, request: Request | WebSocket) -> Context:
        """The context that goes with a request: one that lasts, if the request is for a stream."""
        if isinstance(request, Request) and not self.wants_stream(request):
            return context
        request.state.line = Line(many=isinstance(request, WebSocket))
        return LiveContext(
            context.actor,
            context.language,
            context.request_id,
            context.shared,
            context.client_address,
            line=request.state.line,
            credentials=credentials_of(request),
        )

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        """The answer that goes on until the subscription is over."""
        del sub_response  # what is context_for says itself what it is, and how long it may be kept
        return EventStream(cast("AsyncGenerator[str, None]", stream()), request.state.line, headers)
