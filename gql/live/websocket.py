"""Subscriptions over WebSockets (graphql-transport-ws): Strawberry's handler, held to who may connect and how long."""

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
from gql.live.context import LiveContext
from gql.live.faults import TooMany
from gql.live.lines import INTERRUPTED, PARTING, SIGNED_OUT, TOO_SLOW, UNINVITED, Ending
from gql.live.service import live
from gql.user_errors import localized
from identity.backend import Credentials, bearer_token, credentials_of
from identity.refusals import ProviderUnavailableError
from identity.tokens import InvalidToken
from settings import settings

TOO_MANY: Final = 4429


class Adapter(ASGIWebSocketAdapter):
    """Gives up on a client that doesn't take what it is sent."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Sends a message, or has the line ended."""
        try:
            async with asyncio.timeout(settings().live_patience):
                await super().send_json(message)
        except TimeoutError:
            self.ws.state.line.drop(TOO_SLOW)
            await asyncio.get_running_loop().create_future()


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """One WebSocket, from the handshake to its end."""

    @property
    def live(self) -> LiveContext:
        """The context, which is of this kind for every WebSocket."""
        return cast("LiveContext", self.context)

    async def handle(self) -> None:
        """Serves the line until the client leaves, or something on our side ends it."""
        service, line = live(), self.live.line
        service.lines.open(line)
        try:
            ending = await line.carry(super().handle())
        finally:
            service.lines.close(line)
        with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
            if ending is not None:
                async with asyncio.timeout(PARTING):
                    await self._close(ending)

    async def handle_message(self, message: Message) -> None:
        """Acts on a message, if it is one."""
        if _is_well_formed(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("Not a message of graphql-transport-ws")

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Lets in whom we know: by a bearer token in the payload or the headers, or by the session of our own page."""
        if not self.connection_init_received:
            self.live.credentials = self._credentials(message.get("payload"))
            ending = await self._refusal()
            if ending is not None:
                await self._close(ending)
                return
        await super().handle_connection_init(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begins an operation, unless as many run already as one viewer may have."""
        if self.connection_acknowledged and len(self.operations) >= settings().live_subscriptions:
            shown = format_error(live().lines.crowded(), self.context.request_id, self.context.language)
            await self.websocket.send_json({"id": message["id"], "type": "error", "payload": [shown]})
            return
        await super().handle_subscribe(message)

    async def _close(self, ending: Ending) -> None:
        words = localized(self.context.language, ending.message_template, ending.facts)
        await self.websocket.close(ending.code, words)

    def _credentials(self, payload: Any) -> Credentials:
        socket = cast("Adapter", self.websocket).ws
        given = payload if isinstance(payload, dict) else {}
        authorization = next((value for name, value in given.items() if name.lower() == "authorization"), None)
        brought = credentials_of(socket)
        return Credentials(bearer_token(authorization), brought.session) if isinstance(authorization, str) else brought

    async def _refusal(self) -> Ending | None:
        try:
            actor = await self.live.credentials.actor()
        except InvalidToken:
            return SIGNED_OUT
        except ProviderUnavailableError:
            return INTERRUPTED
        if not actor.signed_in:
            return UNINVITED
        self.context.set_actor(actor)
        try:
            live().lines.claim(self.live.line, self.context.viewer_key)
        except TooMany as refusal:
            return Ending(TOO_MANY, refusal.message_template, refusal.facts)
        return None


def _is_well_formed(message: Any) -> bool:
    """Has it the shape that the protocol gives it? What is in it is looked at later."""
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
