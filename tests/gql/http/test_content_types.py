"""The media types in which an operation can be sent, the same on the fast path and in the library's view."""

import pytest
from httpx import Response

from tests.gql.http_client import browser, only_error

pytestmark = pytest.mark.usefixtures("database")
VALID_BODY = b'{"query": "{ __typename }"}'
INVALID_BODY = b'{"query": 7}'
"""A body that the fast path leaves to the library's view."""


async def post_content(content: bytes, content_type: str) -> Response:
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
        "application/json; charset=",  # names no encoding
    ],
)
async def test_json_is_accepted_in_every_spelling_and_with_any_parameters(content_type: str):
    accepted = await post_content(VALID_BODY, content_type)
    invalid = await post_content(INVALID_BODY, content_type)

    assert (accepted.status_code, accepted.json()["data"]) == (200, {"__typename": "Query"})
    assert invalid.status_code == 400
    assert only_error(invalid)["message"] == "The GraphQL operation's `query` must be a string or null, if provided."


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
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
    for content in (VALID_BODY, INVALID_BODY):
        response = await post_content(content, content_type)

        assert response.status_code == 415
        assert only_error(response)["message"] == "Send the operation as application/json, in UTF-8."
        assert only_error(response)["extensions"]["code"] == "BAD_INPUT"
