"""Features of GraphQL clients that the API does not support are refused with a clear message."""

from typing import Any

import pytest

from tests.gql.http_client import browser

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"query": "{ viewer { ... @defer { user { id } } } }"}, 200, "Unknown directive '@defer'."),
        ({"query": "{ themes @stream(initialCount: 1) { id } }"}, 200, "Unknown directive '@stream'."),
        ([{"query": "{ __typename }"}, {"query": "{ __typename }"}], 400, "Send one operation, as a JSON object"),
    ],
)
async def test_incremental_delivery_and_batched_requests_are_refused(body: Any, status: int, message: str) -> None:
    async with browser() as client:
        response = await client.post("/graphql", json=body, headers={"accept-language": "en"})

    [error] = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (status, "BAD_INPUT")
    assert error["message"].startswith(message)
    assert "data" not in response.json()


async def test_a_multipart_upload_is_refused() -> None:
    async with browser() as client:
        response = await client.post(
            "/graphql", data={"operations": '{"query": "{ __typename }"}'}, files={"0": b"%PDF"}
        )

    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (415, "BAD_INPUT")
