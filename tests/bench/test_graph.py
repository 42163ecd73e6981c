"""What `make bench-graph` compares, on a small data set: the same responses and rows, and access in three ways."""

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
    sign_in,
)
from bench.graph.seed import Size, fill
from domain.database.connection import database as connection
from gql.app import create_app

SMALL = Size(organisations=2, users=40, groups=12, contracts=60)
VARIANTS = (ENGINE, HAND_WRITTEN)
"""The variants that one process can serve."""


@pytest.fixture
async def client(database: str) -> AsyncIterator[AsyncClient]:
    """A client of both variants over a small data set: the API and the hand-written statements."""
    owner = await asyncpg.connect(database)
    await fill(owner, SMALL)
    await owner.close()
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as pool:
        baseline = Route("/baseline/{operation}", Baseline(pool).respond, methods=["POST"])
        app = Starlette(routes=[baseline, Mount("/", create_app())])
        async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1:8000") as client:
            yield client


async def execute(
    client: AsyncClient, variant: Variant, operation: str, variables: dict[str, Any], viewer: Viewer
) -> bytes:
    request = variant.request(operation, variables, viewer)
    headers = {"cookie": f"session={viewer.session_token}", "content-type": "application/json"}
    response = await client.post(request.path, content=request.body, headers=headers)
    assert response.status_code == 200
    return strip_extensions(response.content)


async def test_all_variants_return_the_same_bytes(client: AsyncClient):
    for position in (ADMINISTRATOR, USER):
        for viewer in await sign_in(SMALL, position):
            for operation in operations().keys() - {LINK_GROUPS}:
                variables = viewer.variables(operation)
                engine, hand_written = [
                    await execute(client, variant, operation, variables, viewer) for variant in VARIANTS
                ]
                assert len(engine) > 200
                assert hand_written == engine


async def test_all_variants_of_linking_return_and_write_the_same(client: AsyncClient):
    [viewer, _] = await sign_in(SMALL, ADMINISTRATOR)
    outcomes = []
    for variant in VARIANTS:
        scenario = await LinkScenario.of(viewer, SMALL)
        for _ in ("linked", "unlinked"):
            response = await execute(client, variant, LINK_GROUPS, scenario.variables(), viewer)
            [written] = await connection().execute_query_dict(SELECT_WRITTEN, [scenario.contract_id])
            version = b'"version":%d' % written["version"]
            assert version in response
            outcomes.append((response.replace(version, b""), written["linked"], written["audited"]))

    assert outcomes[:2] == outcomes[2:]
    assert [linked for _, linked, _ in outcomes[:2]] == ["[3, 7, 11, 1]", "[3, 7, 11]"]


async def test_access_agrees_in_three_ways(client: AsyncClient, capsys: pytest.CaptureFixture[str]):
    assert client

    await check_access(SMALL, 1)

    assert "in 2 organisations" in capsys.readouterr().out
