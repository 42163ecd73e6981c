"""What some clients of GraphQL can do and we don't: refused, in words that say so."""

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
async def test_deferred_parts_and_several_operations_in_one_request_are_refused(
    body: Any, status: int, message: str
) -> None:
    async with browser() as client:
        answer = await client.post("/graphql", json=body, headers={"accept-language": "en"})

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, "BAD_INPUT")
    assert error["message"].startswith(message)
    assert "data" not in answer.json()


async def test_an_upload_in_a_multipart_request_is_refused() -> None:
    async with browser() as client:
        answer = await client.post("/graphql", data={"operations": '{"query": "{ __typename }"}'}, files={"0": b"%PDF"})

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (415, "BAD_INPUT")
