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
    """`GET /health/ready`: whether the process can work; otherwise 503 with what is missing.

    The queue, the mail server and the identity provider may be unavailable: work that needs them is done later.
    """
    missing = await missing_requirements()
    if not missing:
        return JSONResponse({"status": "ready"})
    log.warning("not_ready", lacking=missing)
    return JSONResponse({"status": "not ready", "lacking": list(missing)}, status_code=UNREADY)


def health_routes() -> list[Route]:
    """The routes of the checks."""
    return [Route("/health/live", live), Route("/health/ready", ready)]
