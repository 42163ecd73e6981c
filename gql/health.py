"""Whether the API lives, and whether it can do its work."""

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from domain.database import database

log = structlog.get_logger()


async def live(_request: Request) -> JSONResponse:
    """`GET /health/live`: the process answers."""
    return JSONResponse({"status": "live"})


async def ready(_request: Request) -> JSONResponse:
    """`GET /health/ready`: the database answers, too; 503 while it doesn't.

    The queue and the mail server may be away: what they do is caught up on.
    """
    try:
        await database().execute_query_dict("select 1")
    except Exception as cause:  # noqa: BLE001  # whatever it is, the answer is the same and the log has it
        log.warning("not_ready", cause=type(cause).__name__)
        return JSONResponse({"status": "waiting for the database"}, status_code=503)
    return JSONResponse({"status": "ready"})


def health_routes() -> list[Route]:
    """The addresses that a load balancer asks."""
    return [Route("/health/live", live), Route("/health/ready", ready)]
