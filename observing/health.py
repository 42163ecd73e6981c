"""Liveness and readiness checks, for orchestrators and load balancers."""

from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from domain.database.readiness import missing_requirements

log = structlog.get_logger()

UNREADY: Final = 503


async def live(_request: Request) -> JSONResponse:
    """`GET /health/live`: the process responds."""
    return JSONResponse({"status": "live"})


async def ready(_request: Request) -> JSONResponse:
    """`GET /health/ready`: nothing is lacking without which no work can be done; 503 and what it is otherwise.

    The queue, the mail server and the identity provider may be away: what they do is caught up on.
    """
    found = await missing_requirements()
    if not found:
        return JSONResponse({"status": "ready"})
    log.warning("not_ready", lacking=found)
    return JSONResponse({"status": "not ready", "lacking": list(found)}, status_code=UNREADY)


def health_routes() -> list[Route]:
    """The routes of the checks."""
    return [Route("/health/live", live), Route("/health/ready", ready)]
