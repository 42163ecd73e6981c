"""The routes that take and give the bytes of attachments."""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from domain.refusals import Refusal, UploadStalled
from gql.files.addresses import PATH, Use, opened
from gql.files.downloads import download
from gql.files.problems import problem
from gql.files.uploads import upload
from settings import settings

_METHODS: Final = ("GET", "HEAD", "PUT")
LISTENS: Final = 30.0
"""Seconds that a refused client is listened to, so that it hears the answer when it has said everything."""


async def file(request: Request) -> Response:
    """`PUT`, `GET` and `HEAD /files/{address}`: an address is for one of the two ways only."""
    use = Use.UPLOAD if request.method == "PUT" else Use.DOWNLOAD
    try:
        address = await opened(request.path_params["address"], use)
    except Refusal as refusal:
        return problem(request, refusal)
    try:
        return await (upload if use is Use.UPLOAD else download)(request, address)
    except Refusal as refusal:
        if use is Use.UPLOAD and not isinstance(refusal, UploadStalled):
            await _hear_out(request)
        return problem(request, refusal)


async def _hear_out(request: Request) -> None:
    """Reads what the client goes on sending: many read no answer before, and the system resets what nobody reads."""
    if "expect" in request.headers:
        return  # it waits for leave, which it doesn't get
    left = settings().attachment_bytes
    # Starlette says RuntimeError where everything was read before.
    with suppress(ClientDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(LISTENS):
            async for piece in request.stream():
                left -= len(piece)
                if left < 0:
                    return


def file_routes() -> list[Route]:
    """Where addresses of files lead."""
    return [Route(f"{PATH}{{address}}", file, methods=_METHODS)]
