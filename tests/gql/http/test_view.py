"""The API over HTTP: the session, the language and id of a request, and what is refused as a bad request."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from domain.models import Role
from gql.http.body_limit import MAX_BODY_BYTES
from gql.http.request_ids import RequestIdMiddleware
from gql.http.view import GraphQLView
from gql.reading.ids import global_id
from tests import rows
from tests.gql.http_client import browser, only_error, post, sign_in

pytestmark = pytest.mark.usefixtures("database")
NAMES = "{ themes { name } }"


async def test_the_session_cookie_identifies_the_viewer():
    user = await rows.a_user(given_name="Els")
    async with browser() as client:
        anonymous = await post(client, "{ viewer { user { givenName } } }")
        await sign_in(client, user)
        signed_in = await post(client, "{ viewer { user { givenName } } }")

    assert anonymous.json()["data"] == {"viewer": None}
    assert signed_in.json()["data"] == {"viewer": {"user": {"givenName": "Els"}}}


@pytest.mark.parametrize(
    ("headers", "given_name"),
    [
        ({"sec-fetch-site": "same-origin"}, "Els"),
        ({"sec-fetch-site": "none"}, "Els"),
        ({"origin": "http://127.0.0.1:8000"}, "Els"),
        ({"sec-fetch-site": "same-site"}, None),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"}, None),
        ({"origin": "https://elsewhere.example"}, None),
        ({"origin": "null"}, None),
    ],
)
async def test_the_session_cookie_counts_only_for_same_origin_requests(headers: dict[str, str], given_name: str | None):
    request = {"query": "{ viewer { user { givenName } } }"}
    async with browser() as client:
        await sign_in(client, await rows.a_user(given_name="Els"))
        responses = [
            await client.post("/graphql", json=request, headers=headers),
            await client.get("/graphql", params=request, headers=headers | {"accept": "application/json"}),
        ]

    viewer = given_name and {"user": {"givenName": given_name}}
    assert [response.json()["data"] for response in responses] == [{"viewer": viewer}] * 2


async def test_an_anonymous_request_is_refused_with_its_request_id():
    async with browser() as client:
        response = await post(client, NAMES)

    error = only_error(response)
    assert re.fullmatch("[0-9a-f]{32}", error["extensions"]["requestId"])
    assert error["extensions"] == {"code": "UNAUTHENTICATED", "requestId": response.headers["x-request-id"]}
    assert (response.json()["data"], error["path"]) == (None, ["themes"])


async def test_every_response_has_its_own_id_and_is_not_cached():
    async with browser() as client:
        responses = [await post(client, NAMES) for _ in range(3)]

    assert len({response.headers["x-request-id"] for response in responses}) == 3
    assert {response.headers["cache-control"] for response in responses} == {"no-store"}


@pytest.mark.parametrize(
    ("header", "name"), [("fr-BE,fr;q=0.9", "Facturation"), ("DE", "Rechnungsstellung"), ("ja", "Facturatie")]
)
async def test_texts_follow_accept_language(header: str, name: str):
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        response = await post(client, NAMES, accept_language=header)

    assert response.json()["data"] == {"themes": [{"name": name}]}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("nl", "Dit moet worden ingevuld."),
        ("en", "This must be filled in."),
    ],
)
async def test_refusals_follow_accept_language(header: str, message: str):
    organisation = await rows.an_organisation()
    relation = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    organisation_id = global_id("Organisation", organisation.id)
    mutation_input = f'{{organisationId: "{organisation_id}", name: " ", description: "Werf", themeLevels: []}}'
    async with browser() as client:
        await sign_in(client, await relation.user)
        document = f"mutation {{ createGroup(input: {mutation_input}) {{ errors {{ message path }} }} }}"
        response = await post(client, document, accept_language=header)

    assert response.json()["data"]["createGroup"]["errors"] == [{"message": message, "path": ["name"]}]


async def test_a_mutation_in_a_get_request_is_refused():
    organisation = await rows.an_organisation()
    relation = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    organisation_id = global_id("Organisation", organisation.id)
    mutation_input = f'{{id: "{organisation_id}", version: 1, email: "werf@aannemer.example"}}'
    document = f"mutation {{ setOrganisationEmail(input: {mutation_input}) {{ errors {{ code }} }} }}"
    async with browser() as client:
        await sign_in(client, await relation.user)
        response = await client.get("/graphql", params={"query": document})

    await organisation.refresh_from_db()
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert only_error(response)["extensions"]["code"] == "BAD_INPUT"
    assert organisation.email is None


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'{"query": 7}', b'{"query": null}', b"\xff", b"[" * 100_000, b'{"a":' * 100_000]
)
async def test_a_body_without_an_operation_is_a_bad_request(body: bytes):
    async with browser() as client:
        response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})

    assert response.status_code == 400
    error = only_error(response)
    assert error["extensions"] == {"code": "BAD_INPUT", "requestId": response.headers["x-request-id"]}


@pytest.mark.parametrize("transfer", ["with a content length", "chunked"])
async def test_a_body_over_the_size_limit_is_refused(transfer: str):
    body = json.dumps({"query": "{ __typename }", "variables": {"a": "x" * MAX_BODY_BYTES}}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        yield body

    headers = {"content-type": "application/json"}
    async with browser() as client:
        response = await client.post(
            "/graphql", content=body if transfer == "with a content length" else chunks(), headers=headers
        )

    assert response.status_code == 413
    assert only_error(response)["extensions"]["code"] == "TOO_EXPENSIVE"
    assert only_error(response)["message"] == "The request is longer than the 1,000,000 bytes allowed."


async def test_a_body_that_does_not_arrive_times_out():
    test_is_over = asyncio.Event()

    async def incomplete_body() -> AsyncIterator[bytes]:
        yield b'{"query": '
        await test_is_over.wait()

    client = AsyncClient(
        transport=ASGITransport(RequestIdMiddleware(GraphQLView(request_timeout=0.05))),
        base_url="http://127.0.0.1:8000",
    )
    async with client:
        headers = {"content-type": "application/json", "accept-language": "en"}
        response = await client.post("/graphql", content=incomplete_body(), headers=headers)

    assert response.status_code == 408
    assert only_error(response)["message"] == "The request did not come within 0.05 seconds."


GRAPHQL = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json"),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL};q=0.9, application/json;q=0.8", GRAPHQL),
        (f"application/json, {GRAPHQL}", "application/json"),
        (f"application/json;q=0.5, {GRAPHQL}", GRAPHQL),
        ("*/*", "application/json"),
        ("image/png", "application/json"),
    ],
)
async def test_the_response_has_the_preferred_media_type_and_its_status(accept: str, media_type: str):
    async with browser() as client:
        executed = await post(client, "{ __typename }", accept=accept)
        refused = await post(client, "{ __typenam }", accept=accept)

    assert {executed.headers["content-type"], refused.headers["content-type"]} == {f"{media_type}; charset=utf-8"}
    assert (executed.status_code, refused.status_code) == (200, 400 if media_type == GRAPHQL else 200)
    assert "data" not in refused.json()


async def test_a_document_with_several_operations_needs_an_operation_name():
    async with browser() as client:
        response = await post(client, "query A { __typename } query B { __typename }")

    assert only_error(response)["message"] == "The document has several operations: say which by operationName."


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ viewer { user { id } } }", "variables": []},
        {"query": "{ viewer { user { id } } }", "variables": "{}"},
        {"query": "{ viewer { user { id } } }", "extensions": 7},
        {"query": "query A { viewer { user { id } } }", "operationName": "B"},
        {"query": "query A { viewer { user { id } } }", "operationName": 7},
        [{"query": "{ viewer { user { id } } }"}],
    ],
)
async def test_malformed_request_parameters_are_bad_input(body: Any):
    async with browser() as client:
        response = await client.post("/graphql", json=body)

    assert (response.status_code, only_error(response)["extensions"]["code"]) == (400, "BAD_INPUT")


@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize("value", ["7", "{", "null", "[]"])
async def test_variables_and_extensions_in_a_query_string_must_be_objects(name: str, value: str):
    parameters = {"query": "{ viewer { user { id } } }", name: value}
    async with browser() as client:
        response = await client.get("/graphql", params=parameters)

    assert response.status_code == 400
    assert only_error(response)["message"] == f"`{name}` in the address is to be a JSON object."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Send one operation, as a JSON object in UTF-8 with the document in `query`."),
        (b"null", "Send one operation, as a JSON object in UTF-8 with the document in `query`."),
        (
            b'[{"query": "{ __typename }"}]',
            "Send one operation, as a JSON object in UTF-8 with the document in `query`.",
        ),
        (b"{}", "The request has no operation: put the document into `query`, or name it by `documentId`."),
        (
            b'{"query": "query A { __typename }", "operationName": 7}',
            "`operationName` must be a string or null, if provided.",
        ),
    ],
)
async def test_a_bad_request_is_refused_with_what_is_wrong(body: bytes, message: str):
    async with browser() as client:
        response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})

    assert (response.status_code, only_error(response)["message"]) == (400, message)


async def test_a_compressed_body_is_refused():
    body = gzip.compress(b'{"query": "{ __typename }"}')
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    async with browser() as client:
        response = await client.post("/graphql", content=body, headers=headers)

    assert response.status_code == 415
    assert only_error(response)["message"] == "Send the operation uncompressed: no Content-Encoding is taken."


async def test_an_unsupported_method_is_refused_with_the_allowed_ones():
    async with browser() as client:
        response = await client.head("/graphql", params={"query": "{ __typename }"})

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8;profile=x"]
)
async def test_content_length_is_the_size_of_the_body(content_type: str):
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        response = await client.post(
            "/graphql", content=b'{"query": "{ themes { code } }"}', headers={"content-type": content_type}
        )

    assert response.json()["data"]["themes"]
    assert int(response.headers["content-length"]) == len(response.content)
