"""Request ids, which connect log entries, responses and the helpdesk."""

import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observing.log_context import begin_log_context, end_log_context


class RequestIdMiddleware:
    """Gives each request an id, in `request.state.request_id`, every log line and the header `x-request-id`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or WebSocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(16)
        header = (b"x-request-id", request_id.encode())
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        token = begin_log_context(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            end_log_context(token)
