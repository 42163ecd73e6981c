"""The routes of file addresses."""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from domain.refusals import Refusal, UploadStalled
from gql.files.addresses import PATH, Use, verify
from gql.files.downloads import download
from gql.files.problems import problem_response
from gql.files.uploads import upload
from settings import settings

_METHODS: Final = ("GET", "HEAD", "PUT")
LINGERING_TIMEOUT: Final = 30.0
"""Seconds that the rest of a refused upload is read, so that the client reads the response after sending."""


async def file(request: Request) -> Response:
    """`PUT`, `GET` and `HEAD /files/{address}`: an address is for either upload or download."""
    use = Use.UPLOAD if request.method == "PUT" else Use.DOWNLOAD
    try:
        address = await verify(request.path_params["address"], use)
    except Refusal as refusal:
        return problem_response(request, refusal)
    try:
        return await (upload if use is Use.UPLOAD else download)(request, address)
    except Refusal as refusal:
        if use is Use.UPLOAD and not isinstance(refusal, UploadStalled):
            await _drain_request(request)
        return problem_response(request, refusal)


async def _drain_request(request: Request) -> None:
    """Discards the rest of the request: many clients read the response last, and unread bytes reset the connection."""
    if "expect" in request.headers:
        return  # the client waits for 100 Continue before it sends the body
    remaining = settings().max_attachment_bytes
    # Starlette raises RuntimeError if the body was read before.
    with suppress(ClientDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(LINGERING_TIMEOUT):
            async for chunk in request.stream():
                remaining -= len(chunk)
                if remaining < 0:
                    return


def file_routes() -> list[Route]:
    """The routes of file addresses."""
    return [Route(f"{PATH}{{address}}", file, methods=_METHODS)]
