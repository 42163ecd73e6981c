"""Subscriptions over WebSockets (graphql-transport-ws): Strawberry's handler with authentication and limits."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, cast

from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)

from gql.context import Context
from gql.errors import format_error
from gql.live.connections import CLOSE_TIMEOUT, INTERRUPTED, SESSION_ENDED, UNAUTHENTICATED, CloseReason
from gql.live.context import SubscriptionContext
from gql.live.faults import LimitReached
from gql.live.service import live
from gql.localised_messages import localised_message
from identity.backend import Credentials, bearer_token, credentials_of
from identity.refusals import ProviderUnavailableError
from identity.tokens import InvalidToken
from settings import settings

TOO_MANY_REQUESTS: Final = 4429
"""The close code of a WebSocket above the viewer's limit; 4000 + the HTTP status."""


class WebSocketAdapter(ASGIWebSocketAdapter):
    """Sends messages with a timeout."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Sends a message, or closes the connection after the timeout."""
        await self.ws.state.connection.send(super().send_json(message))


class WebSocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Handles one WebSocket."""

    @property
    def live_context(self) -> SubscriptionContext:
        """The context, which is of this class for every WebSocket."""
        return cast("SubscriptionContext", self.context)

    async def handle(self) -> None:
        """Runs until the client disconnects or we close the connection."""
        connections, connection = live().connections, self.live_context.connection
        connections.add(connection)
        try:
            reason = await connection.run_until_closed(super().handle())
        finally:
            connections.remove(connection)
        with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
            if reason is not None:
                async with asyncio.timeout(CLOSE_TIMEOUT):
                    await self._close(reason)

    async def handle_message(self, message: Message) -> None:
        """Handles a message, if it is well-formed."""
        if _is_well_formed(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("Not a message of graphql-transport-ws")

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Authenticates by a bearer token in the payload or the headers, or by the session of our own page."""
        if not self.connection_init_received:
            self.live_context.credentials = self._credentials(message.get("payload"))
            reason = await self._authenticate()
            if reason is not None:
                await self._close(reason)
                return
        await super().handle_connection_init(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Starts an operation, unless as many run as one viewer may have."""
        if self.connection_acknowledged and len(self.operations) >= settings().live_subscriptions:
            fault = live().connections.subscription_limit_reached()
            error = format_error(fault, self.context.request_id, self.context.language)
            await self.websocket.send_json({"id": message["id"], "type": "error", "payload": [error]})
            return
        await super().handle_subscribe(message)

    async def _close(self, reason: CloseReason) -> None:
        message = localised_message(self.context.language, reason.message_template, reason.facts)
        await self.websocket.close(reason.code, message)

    def _credentials(self, payload: Any) -> Credentials:
        socket = cast("WebSocketAdapter", self.websocket).ws
        parameters = payload if isinstance(payload, dict) else {}
        authorization = next((value for name, value in parameters.items() if name.lower() == "authorization"), None)
        handshake = credentials_of(socket)
        if not isinstance(authorization, str):
            return handshake
        return Credentials(bearer_token(authorization), handshake.session)

    async def _authenticate(self) -> CloseReason | None:
        """Sets the actor; the reason to close the connection if they may not connect."""
        try:
            actor = await self.live_context.credentials.actor()
        except InvalidToken:
            return SESSION_ENDED
        except ProviderUnavailableError:
            return INTERRUPTED
        if not actor.signed_in:
            return UNAUTHENTICATED
        self.context.set_actor(actor)
        try:
            live().connections.assign_viewer(self.live_context.connection, self.context.viewer_key)
        except LimitReached as fault:
            return CloseReason(TOO_MANY_REQUESTS, fault.message_template, fault.facts)
        return None


def _is_well_formed(message: Any) -> bool:
    """Has it the form that the protocol requires? Its operation is checked later."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] == "complete":
        return isinstance(message.get("id"), str)
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(message.get("id"), str)
        and isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
