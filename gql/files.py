"""The routes that take and give the bytes of attachments."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.refusals import Refusal
from gql.downloads import download
from gql.file_addresses import PATH, Use, opened
from gql.problems import problem
from gql.uploads import upload

_METHODS: Final = ("GET", "HEAD", "PUT")


async def file(request: Request) -> Response:
    """`PUT`, `GET` and `HEAD /files/{address}`: an address is for one of the two ways only."""
    use = Use.UPLOAD if request.method == "PUT" else Use.DOWNLOAD
    try:
        address = await opened(request.path_params["address"], use)
        return await (upload if use is Use.UPLOAD else download)(request, address)
    except Refusal as refusal:
        return problem(request, refusal)


def file_routes() -> list[Route]:
    """Where addresses of files lead."""
    return [Route(f"{PATH}{{address}}", file, methods=_METHODS)]
