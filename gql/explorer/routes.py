"""The routes of GraphiQL: its page, its files and its examples."""

from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gql.explorer.examples import TABS, examples
from gql.explorer.mail_links import PLACE_BY_EXAMPLE, mail_link_routes
from gql.explorer.values import samples_for, values_for
from gql.start_page import canonical_redirect, with_security_headers
from identity.backend import actor_of

FOLDER: Final = Path(__file__).parents[1] / "static" / "graphiql"
# The editor injects inline styles; everything else is in our own files.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


async def graphiql(request: Request) -> Response:
    """`GET /graphql` in a browser."""
    redirect = canonical_redirect(request)
    if redirect is not None:
        return redirect
    response = FileResponse(FOLDER / "index.html", headers={"cache-control": "no-cache", "vary": "accept"})
    return with_security_headers(response, CONTENT_SECURITY_POLICY)


async def example_list(request: Request) -> Response:
    """`GET /graphql/examples.json`: the examples, with variables for the viewer."""
    actor = await actor_of(request)
    samples = await samples_for(actor) if actor.signed_in else None
    listed: list[dict[str, Any]] = [
        {
            "name": example.name,
            "screen": example.screen,
            "document": example.document,
            "variables": values_for(example.name, example.variables, samples) if samples else {},
            "tab": example.name in TABS,
            "place": PLACE_BY_EXAMPLE.get(example.name),
        }
        for example in examples()
    ]
    return JSONResponse(listed, headers={"cache-control": "no-store"})


class _GraphiQLFiles(StaticFiles):
    """GraphiQL's files; those in `assets` have content hashes in their names and are immutable."""

    def file_response(self, full_path: Any, *args: Any, **options: Any) -> Response:
        response = super().file_response(full_path, *args, **options)
        if "assets" in Path(full_path).parts:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return with_security_headers(response, CONTENT_SECURITY_POLICY)


def explorer_routes() -> list[Route | Mount]:
    """The routes that GraphiQL needs besides `/graphql`, and those of links in mails."""
    return [
        *mail_link_routes(),
        Route("/graphql/examples.json", example_list),
        Mount("/static/graphiql", _GraphiQLFiles(directory=FOLDER)),
    ]
