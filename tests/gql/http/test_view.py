"""The API over HTTP: who asks, in which language, under which id."""

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


async def test_a_session_tells_who_asks():
    user = await rows.a_user(given_name="Els")
    async with browser() as client:
        nobody = await post(client, "{ viewer { user { givenName } } }")
        await sign_in(client, user)
        somebody = await post(client, "{ viewer { user { givenName } } }")

    assert nobody.json()["data"] == {"viewer": None}
    assert somebody.json()["data"] == {"viewer": {"user": {"givenName": "Els"}}}


@pytest.mark.parametrize(
    ("headers", "told"),
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
async def test_only_our_own_pages_use_the_session(headers: dict[str, str], told: str | None):
    question = {"query": "{ viewer { user { givenName } } }"}
    async with browser() as client:
        await sign_in(client, await rows.a_user(given_name="Els"))
        answers = [
            await client.post("/graphql", json=question, headers=headers),
            await client.get("/graphql", params=question, headers=headers | {"accept": "application/json"}),
        ]

    viewer = told and {"user": {"givenName": told}}
    assert [answer.json()["data"] for answer in answers] == [{"viewer": viewer}] * 2


async def test_nobody_is_refused_with_the_id_of_the_request():
    async with browser() as client:
        response = await post(client, NAMES)

    error = only_error(response)
    assert re.fullmatch("[0-9a-f]{32}", error["extensions"]["requestId"])
    assert error["extensions"] == {"code": "UNAUTHENTICATED", "requestId": response.headers["x-request-id"]}
    assert (response.json()["data"], error["path"]) == (None, ["themes"])


async def test_every_request_has_another_id_and_is_not_kept():
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
    key = global_id("Organisation", organisation.id)
    given = f'{{organisationId: "{key}", name: " ", description: "Werf", themeLevels: []}}'
    async with browser() as client:
        await sign_in(client, await relation.user)
        document = f"mutation {{ createGroup(input: {given}) {{ errors {{ message path }} }} }}"
        response = await post(client, document, accept_language=header)

    assert response.json()["data"]["createGroup"]["errors"] == [{"message": message, "path": ["name"]}]


async def test_a_mutation_is_not_carried_out_by_following_a_link():
    organisation = await rows.an_organisation()
    relation = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    key = global_id("Organisation", organisation.id)
    given = f'{{id: "{key}", version: 1, email: "werf@aannemer.example"}}'
    document = f"mutation {{ setOrganisationEmail(input: {given}) {{ errors {{ code }} }} }}"
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
async def test_a_body_that_asks_nothing_is_a_bad_request(body: bytes):
    async with browser() as client:
        response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})

    assert response.status_code == 400
    error = only_error(response)
    assert error["extensions"] == {"code": "BAD_INPUT", "requestId": response.headers["x-request-id"]}


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_form_on_another_site_can_send_is_no_operation(kind: str):
    async with browser() as client:
        response = await client.post("/graphql", content=b'{"query": "{ __typename }"}', headers={"content-type": kind})

    assert response.status_code == 415
    assert only_error(response)["message"] == "Send the operation as application/json, in UTF-8."


@pytest.mark.parametrize("sent", ["at once", "in chunks"])
async def test_a_body_is_read_no_further_than_it_may_be_long(sent: str):
    body = json.dumps({"query": "{ __typename }", "variables": {"a": "x" * MAX_BODY_BYTES}}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        yield body

    headers = {"content-type": "application/json"}
    async with browser() as client:
        response = await client.post("/graphql", content=body if sent == "at once" else chunks(), headers=headers)

    assert response.status_code == 413
    assert only_error(response)["extensions"]["code"] == "TOO_EXPENSIVE"
    assert only_error(response)["message"] == "The request is longer than the 1,000,000 bytes allowed."


async def test_a_body_is_not_waited_for_longer_than_an_answer_may_take():
    over = asyncio.Event()

    async def never_whole() -> AsyncIterator[bytes]:
        yield b'{"query": '
        await over.wait()

    client = AsyncClient(
        transport=ASGITransport(RequestIdMiddleware(GraphQLView(request_timeout=0.05))),
        base_url="http://127.0.0.1:8000",
    )
    async with client:
        headers = {"content-type": "application/json", "accept-language": "en"}
        response = await client.post("/graphql", content=never_whole(), headers=headers)

    assert response.status_code == 408
    assert only_error(response)["message"] == "The request did not come within 0.05 seconds."


GRAPHQL = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "kind"),
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
async def test_an_answer_comes_in_the_media_type_that_is_taken_best(accept: str, kind: str):
    async with browser() as client:
        answered = await post(client, "{ __typename }", accept=accept)
        refused = await post(client, "{ __typenam }", accept=accept)

    assert {answered.headers["content-type"], refused.headers["content-type"]} == {f"{kind}; charset=utf-8"}
    assert (answered.status_code, refused.status_code) == (200, 400 if kind == GRAPHQL else 200)
    assert "data" not in refused.json()


async def test_several_operations_need_a_name():
    async with browser() as client:
        response = await post(client, "query A { __typename } query B { __typename }")

    assert only_error(response)["message"] == "The document has several operations: say which by operationName."


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "{ viewer { user { id } } }", "variables": []},
        {"query": "{ viewer { user { id } } }", "variables": "{}"},
        {"query": "{ viewer { user { id } } }", "extensions": 7},
        {"query": "query A { viewer { user { id } } }", "operationName": "B"},
        {"query": "query A { viewer { user { id } } }", "operationName": 7},
        [{"query": "{ viewer { user { id } } }"}],
    ],
)
async def test_a_question_that_is_put_wrongly_is_a_bad_request(asked: Any):
    async with browser() as client:
        response = await client.post("/graphql", json=asked)

    assert response.status_code == 400 or only_error(response)["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize("given", ["7", "{", "null", "[]"])
async def test_variables_in_an_address_are_an_object(name: str, given: str):
    asked = {"query": "{ viewer { user { id } } }", name: given}
    async with browser() as client:
        response = await client.get("/graphql", params=asked)

    assert response.status_code == 400
    assert only_error(response)["message"] == f"`{name}` in the address is to be a JSON object."


@pytest.mark.parametrize(
    ("body", "told"),
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
async def test_what_is_wrong_with_a_request_is_told(body: bytes, told: str):
    async with browser() as client:
        response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})

    assert (response.status_code, only_error(response)["message"]) == (400, told)


async def test_a_compressed_operation_is_told_to_come_as_it_is():
    body = gzip.compress(b'{"query": "{ __typename }"}')
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    async with browser() as client:
        response = await client.post("/graphql", content=body, headers=headers)

    assert response.status_code == 415
    assert only_error(response)["message"] == "Send the operation uncompressed: no Content-Encoding is taken."


async def test_a_method_that_is_not_taken_is_told_those_that_are():
    async with browser() as client:
        response = await client.head("/graphql", params={"query": "{ __typename }"})

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8;of=mine"]
)
async def test_an_answer_is_as_long_as_it_says_however_json_is_called(kind: str):
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        response = await client.post(
            "/graphql", content=b'{"query": "{ themes { code } }"}', headers={"content-type": kind}
        )

    assert response.json()["data"]["themes"]
    assert int(response.headers["content-length"]) == len(response.content)
