"""In which media types an operation can be sent: one rule, whichever way the answer is found."""

import pytest
from httpx import Response

from tests.gql.http_client import browser, only_error

pytestmark = pytest.mark.usefixtures("database")
ASKED = b'{"query": "{ __typename }"}'
NO_OPERATION = b'{"query": 7}'
"""What is left to the library."""


async def sent(content: bytes, content_type: str) -> Response:
    async with browser() as client:
        return await client.post("/graphql", content=content, headers={"content-type": content_type})


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "Application/JSON; Charset=UTF-8",
        "application/json;charset=utf-8",
        'application/json ; charset="UTF-8"',
        "application/json; charset=utf8",
        "Application/Json; odata=verbose; charset=Utf-8",
        'application/json; profile="https://a.example/x;y=z"',
        "application/json; charset=utf-8; boundary=x",
        "application/json;",
        "application/json; charset=",  # says nothing
    ],
)
async def test_json_is_taken_in_every_spelling_and_with_whatever_beside(content_type: str):
    answered, left = await sent(ASKED, content_type), await sent(NO_OPERATION, content_type)

    assert (answered.status_code, answered.json()["data"]) == (200, {"__typename": "Query"})
    assert left.status_code == 400
    assert only_error(left)["message"] == "The GraphQL operation's `query` must be a string or null, if provided."


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=iso-8859-1",
        "Application/JSON; Charset=UTF-16",
        "application/json, text/plain",
        "application/jsonp",
        "application/graphql-response+json",
        "text/plain; application/json",
        "text/plain; type=application/json",
        "json",
    ],
)
async def test_another_encoding_or_media_type_is_refused(content_type: str):
    for content in (ASKED, NO_OPERATION):
        response = await sent(content, content_type)

        assert response.status_code == 415
        assert only_error(response)["message"] == "Send the operation as application/json, in UTF-8."
        assert only_error(response)["extensions"]["code"] == "BAD_INPUT"
