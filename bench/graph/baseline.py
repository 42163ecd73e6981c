"""What the graph is measured against: endpoints that answer the same bytes from statements written by hand."""

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

LISTED = {"NestedContracts": (NESTED, 20), "FlatContracts": (FLAT, 50)}
"""The statement and the page size of each operation about an organisation's contracts."""


class Baseline:
    """`POST /baseline/<operation>` with the operation's variables; who asks is found out as for the API."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def answer(self, request: Request) -> Response:
        actor = await actor_of(request)
        given = orjson.loads(await request.body())
        answer = await self._answer(request.path_params["operation"], actor.keys, given)
        return Response(answer, media_type="application/json", headers={"cache-control": "no-store"})

    async def _answer(self, operation: str, viewer: Sequence[Any], given: dict[str, Any]) -> Any:
        if operation == "Viewer":
            return await self._pool.fetchval(VIEWER, *viewer)
        if operation == "LinkGroups":
            return await link_groups(self._pool, viewer, given["input"])
        statement, size = LISTED[operation]
        # One more than the page is read, to know whether there is a next one.
        return await self._pool.fetchval(statement, *viewer, key_of("Organisation", given["id"]), size + 1)
