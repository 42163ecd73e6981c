"""Unexpected errors of a request: logged, and answered with the request's id and no detail."""

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql.faults import InternalFault
from gql.files.addresses import PATH
from gql.files.problems import unexpected_problem_response
from gql.http.responses import fault_response
from identity import pages

log = structlog.get_logger()


class ErrorMaskingMiddleware:
    """Responds 500 without detail where the application raises.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or WebSocket."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        response_started = False

        async def tracking_send(message: Message) -> None:
            nonlocal response_started
            response_started = True
            await send(message)

        try:
            await self._app(scope, receive, tracking_send)
        except Exception:
            if response_started:  # it can't be replaced any more: the server closes the connection
                raise
            log.exception("request_failed")
            await _error_response(Request(scope))(scope, receive, send)


def _error_response(request: Request) -> Response:
    """A problem document for an upload or download, a page for a browser, and a GraphQL response for all others."""
    if request.url.path.startswith(PATH):
        return unexpected_problem_response(request)
    if "text/html" in request.headers.get("accept", ""):
        return pages.page(pages.internal_error(request.state.request_id))
    return fault_response(request, InternalFault())
