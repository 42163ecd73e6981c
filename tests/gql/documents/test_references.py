"""Documents that clients refer to by digest: automatic persisted queries and trusted documents."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from httpx import ASGITransport, AsyncClient, Response

from domain.actor import OPERATOR
from domain.rules.trusted_document import forget_documents, register_documents
from gql.app import create_app
from gql.documents.digest import digest_of
from gql.documents.document_store import MAX_CHARACTERS
from gql.shared_state import SharedState
from tests import rows
from tests.conftest import CLOSED_ADDRESS, Environment
from tests.gql.http_client import only_error, sign_in

pytestmark = pytest.mark.usefixtures("database")
TEXT = "{ viewer { user { givenName } } }"
ELS = {"viewer": {"user": {"givenName": "Els"}}}


@pytest.fixture
async def els(valkey: str) -> AsyncIterator[AsyncClient]:
    """A signed-in client of an API that stores documents."""
    async with client_with_store(valkey) as client:
        await sign_in(client, await rows.a_user(given_name="Els"))
        yield client


@asynccontextmanager
async def client_with_store(redis_url: str) -> AsyncIterator[AsyncClient]:
    """A client of an API with its document store in this Valkey."""
    shared = SharedState(redis_url)
    transport = ASGITransport(create_app(shared=shared))
    headers = {"accept-language": "en"}
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as client:
        yield client
    await shared.close()


def persisted_query(digest: str, **parameters: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}, **parameters}


async def execute(client: AsyncClient, **parameters: Any) -> Response:
    return await client.post("/graphql", json=parameters)


async def test_a_document_that_was_sent_once_is_known_by_its_digest(els: AsyncClient):
    unknown = await execute(els, **persisted_query(digest_of(TEXT)))
    sent = await execute(els, **persisted_query(digest_of(TEXT), query=TEXT))
    by_digest = await execute(els, **persisted_query(digest_of(TEXT)))

    assert only_error(unknown)["message"] == "PersistedQueryNotFound"
    assert [response.json()["data"] for response in (sent, by_digest)] == [ELS, ELS]


async def test_a_document_can_be_referred_to_in_a_get_request(els: AsyncClient):
    await execute(els, **persisted_query(digest_of(TEXT), query=TEXT))
    extensions = orjson.dumps(persisted_query(digest_of(TEXT))["extensions"]).decode()

    response = await els.get("/graphql", params={"extensions": extensions})

    assert response.json()["data"] == ELS


async def test_a_document_sent_to_one_process_is_known_to_all(els: AsyncClient, valkey: str):
    await execute(els, **persisted_query(digest_of(TEXT), query=TEXT))
    async with client_with_store(valkey) as other_process:
        response = await execute(other_process, **persisted_query(digest_of(TEXT)))

    assert response.json()["data"] == {"viewer": None}


@pytest.mark.parametrize("text", ["{ nothing }", "{ viewer {", "{ viewer { user { id } } } #" + "x" * MAX_CHARACTERS])
async def test_an_invalid_or_too_long_document_is_not_stored(els: AsyncClient, text: str):
    await execute(els, **persisted_query(digest_of(text), query=text))

    assert only_error(await execute(els, **persisted_query(digest_of(text))))["message"] == "PersistedQueryNotFound"


async def test_a_document_of_an_anonymous_client_is_not_stored(valkey: str):
    async with client_with_store(valkey) as anonymous:
        await execute(anonymous, **persisted_query(digest_of(TEXT), query=TEXT))
        response = await execute(anonymous, **persisted_query(digest_of(TEXT)))

    assert only_error(response)["message"] == "PersistedQueryNotFound"


async def test_a_digest_of_another_document_is_refused(els: AsyncClient):
    response = await execute(els, **persisted_query(digest_of("{ themes { code } }"), query=TEXT))

    error = only_error(response)
    assert (
        error["message"]
        == f"The digest {digest_of('{ themes { code } }')} is not that of the document that came with it."
    )
    assert error["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize(
    "extension",
    [7, "x", {}, {"version": 2, "sha256Hash": digest_of(TEXT)}, {"version": 1, "sha256Hash": "x" * 64}, {"version": 1}],
)
async def test_a_malformed_persisted_query_is_refused(els: AsyncClient, extension: Any):
    response = await execute(els, extensions={"persistedQuery": extension})

    assert only_error(response)["message"] == "persistedQuery has version 1, and sha256Hash with 64 hexadecimal digits."


async def test_without_valkey_clients_must_send_the_document():
    async with client_with_store(f"redis://{CLOSED_ADDRESS}/0") as client:
        await sign_in(client, await rows.a_user(given_name="Els"))
        sent = await execute(client, **persisted_query(digest_of(TEXT), query=TEXT))
        by_digest = await execute(client, **persisted_query(digest_of(TEXT)))

    assert sent.json()["data"] == ELS
    assert only_error(by_digest)["message"] == "PersistedQueryNotFound"


@pytest.mark.parametrize("prefix", ["", "sha256:"])
async def test_a_registered_document_is_known_until_it_is_forgotten(els: AsyncClient, prefix: str):
    await register_documents(actor=OPERATOR, documents={digest_of(TEXT): TEXT})
    known = await execute(els, documentId=prefix + digest_of(TEXT))
    known_by_get = await els.get("/graphql", params={"documentId": prefix + digest_of(TEXT)})

    await forget_documents(actor=OPERATOR, digests=[digest_of(TEXT)])
    forgotten = await execute(els, documentId=prefix + digest_of(TEXT))

    assert [known.json()["data"], known_by_get.json()["data"]] == [ELS, ELS]
    assert only_error(forgotten)["message"] == "PersistedQueryNotFound"


async def test_only_registered_documents_are_executed_when_the_settings_say_so(
    els: AsyncClient, environment: Environment
):
    await register_documents(actor=OPERATOR, documents={digest_of(TEXT): TEXT})
    await execute(els, **persisted_query(digest_of("{ themes { code } }"), query="{ themes { code } }"))
    environment.set(TRUSTED_DOCUMENTS_ONLY="true")

    registered = [await execute(els, query=TEXT), await execute(els, documentId=digest_of(TEXT))]
    unregistered = [
        await execute(els, query="{ __typename }"),
        await execute(els, **persisted_query(digest_of("{ themes { code } }"))),
    ]

    assert [response.json()["data"] for response in registered] == [ELS, ELS]
    messages = {only_error(response)["message"] for response in unregistered}
    assert messages == {"Only registered documents are answered here. Ask the operator to register this one."}
    assert all("data" not in response.json() for response in unregistered)
