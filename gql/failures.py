"""Failures that nobody expected: logged, and answered with the request's id in the form that fits who asks."""

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql.faults import Failed
from gql.files.addresses import PATH
from gql.files.problems import unexpected_problem
from gql.http.answers import fault_answer
from identity import pages

log = structlog.get_logger()


class Masked:
    """Answers 500, and nothing of why, where whatever answers a request fails.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_and_see(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        except Exception:
            if begun:  # what is half said can't be taken back: the server hangs up
                raise
            log.exception("request_failed")
            await _masked(Request(scope))(scope, receive, send)


def _masked(request: Request) -> Response:
    """A problem for who brings or fetches a file, a page for a browser, and for all others what the API says."""
    if request.url.path.startswith(PATH):
        return unexpected_problem(request)
    if "text/html" in request.headers.get("accept", ""):
        return pages.page(pages.internal_error(request.state.request_id))
    return fault_answer(request, Failed())
