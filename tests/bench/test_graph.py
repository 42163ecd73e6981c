"""What `make bench-graph` compares, on a small data set: the same answers and rows, and access three ways."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bench.graph.access import check_access
from bench.graph.baseline import Baseline
from bench.graph.equivalence import SELECT_WRITTEN, strip_extensions
from bench.graph.operations import (
    ADMINISTRATOR,
    ENGINE,
    HAND_WRITTEN,
    LINK_GROUPS,
    USER,
    LinkScenario,
    Variant,
    Viewer,
    operations,
    signed_in,
)
from bench.graph.seed import Size, fill
from domain.database.connection import database as opened
from gql.app import create_app

SMALL = Size(organisations=2, users=40, groups=12, contracts=60)
ALIKE = (ENGINE, HAND_WRITTEN)
"""The ways of asking that this process can serve beside each other."""


@pytest.fixture
async def client(database: str) -> AsyncIterator[AsyncClient]:
    """Both ways over a small data set: the API and the hand-written statements."""
    connection = await asyncpg.connect(database)
    await fill(connection, SMALL)
    await connection.close()
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as pool:
        written = Route("/baseline/{operation}", Baseline(pool).answer, methods=["POST"])
        both = Starlette(routes=[written, Mount("/", create_app())])
        async with AsyncClient(transport=ASGITransport(both), base_url="http://127.0.0.1:8000") as asking:
            yield asking


async def answered(
    client: AsyncClient, variant: Variant, operation: str, given: dict[str, Any], viewer: Viewer
) -> bytes:
    call = variant.request(operation, given, viewer)
    headers = {"cookie": f"session={viewer.token}", "content-type": "application/json"}
    response = await client.post(call.path, content=call.body, headers=headers)
    assert response.status_code == 200
    return strip_extensions(response.content)


async def test_all_ways_answer_the_same_bytes(client: AsyncClient):
    for place in (ADMINISTRATOR, USER):
        for viewer in await signed_in(SMALL, place):
            for operation in operations().keys() - {LINK_GROUPS}:
                given = viewer.variables(operation)
                first, *others = [await answered(client, way, operation, given, viewer) for way in ALIKE]
                assert len(first) > 200
                assert others == [first] * len(others)


async def test_all_ways_of_linking_answer_and_write_alike(client: AsyncClient):
    [viewer, _] = await signed_in(SMALL, ADMINISTRATOR)
    told = []
    for way in ALIKE:
        place = await LinkScenario.of(viewer, SMALL)
        for _ in ("linked", "unlinked"):
            answer = await answered(client, way, LINK_GROUPS, place.variables(), viewer)
            [written] = await opened().execute_query_dict(SELECT_WRITTEN, [place.contract_id])
            assert f'"version":{written["version"]}'.encode() in answer
            told.append(
                (answer.replace(b'"version":%d' % written["version"], b""), written["linked"], written["audited"])
            )

    assert told[:2] == told[2:]
    assert (told[0][1], told[1][1]) == ("[3, 7, 11, 1]", "[3, 7, 11]")


async def test_access_is_the_same_three_ways(client: AsyncClient, capsys: pytest.CaptureFixture[str]):
    assert client

    await check_access(SMALL, 1)

    assert "in 2 organisations" in capsys.readouterr().out
