"""The baseline of the graph: endpoints that return the same bytes from hand-written statements."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response

from bench.graph.link_groups import link_groups
from bench.graph.statements import FLAT, NESTED, VIEWER
from gql.reading.ids import key_of
from identity.backend import actor_of

CONTRACT_LISTS = {"NestedContracts": (NESTED, 20), "FlatContracts": (FLAT, 50)}
"""The statement and the page size of each operation about an organisation's contracts."""


class Baseline:
    """`POST /baseline/<operation>` with the operation's variables; requests are authenticated as in the API."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def respond(self, request: Request) -> Response:
        actor = await actor_of(request)
        variables = orjson.loads(await request.body())
        body = await self._execute(request.path_params["operation"], actor.keys, variables)
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def _execute(self, operation: str, viewer: Sequence[Any], variables: dict[str, Any]) -> Any:
        if operation == "Viewer":
            return await self._pool.fetchval(VIEWER, *viewer)
        if operation == "LinkGroups":
            return await link_groups(self._pool, viewer, variables["input"])
        statement, size = CONTRACT_LISTS[operation]
        # One more row than the page shows whether there is a next page.
        return await self._pool.fetchval(statement, *viewer, key_of("Organisation", variables["id"]), size + 1)
