"""The view's part for subscriptions: transports, contexts and streaming responses."""

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
from gql.live.connections import LiveConnection
from gql.live.context import SubscriptionContext
from gql.live.event_stream import EventStreamResponse
from gql.live.websocket import WebSocketAdapter, WebSocketHandler
from identity.backend import credentials_of

CONNECTION_INIT_TIMEOUT: Final = timedelta(seconds=10)
"""How long a WebSocket may be open before `connection_init`."""


class StreamingView(GraphQL[Context, None]):
    """Subscriptions over WebSockets (graphql-transport-ws), and over HTTP as event streams (graphql-sse)."""

    websocket_adapter_class = WebSocketAdapter
    graphql_transport_ws_handler_class = WebSocketHandler

    def __init__(self, schema: BaseSchema) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=CONNECTION_INIT_TIMEOUT,
            # The handler counts them, with our own error message.
            max_subscriptions_per_connection=None,
        )

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Always: pages of other origins must send a token, since only our own may use the session cookie."""
        del request, origin
        return True

    def wants_stream(self, request: Request) -> bool:
        """Does the client prefer an event stream?"""
        return self._get_stream_transport_from_headers(request.headers) is not None

    def _get_stream_transport_from_headers(self, headers: Mapping[str, str]) -> HTTPStreamTransport | None:
        """A stream for a client that prefers one; Strawberry would stream to every client that accepts one."""
        if not prefers_event_stream(headers.get("accept")):
            return None
        return super()._get_stream_transport_from_headers(headers)

    def context_for(self, context: Context, request: Request | WebSocket) -> Context:
        """The given context, or a `SubscriptionContext` if the request is for a stream."""
        if isinstance(request, Request) and not self.wants_stream(request):
            return context
        request.state.connection = LiveConnection(is_multiplexed=isinstance(request, WebSocket))
        return SubscriptionContext(
            context.actor,
            context.language,
            context.request_id,
            context.shared,
            context.client_address,
            connection=request.state.connection,
            credentials=credentials_of(request),
        )

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        """The event stream."""
        del sub_response  # `headers` are those of an event stream; these are of a JSON response
        return EventStreamResponse(cast("AsyncGenerator[str, None]", stream()), request.state.connection, headers)
