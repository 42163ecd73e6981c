"""Documents that clients name by their digests."""

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
from tests.conftest import NOWHERE, Environment
from tests.gql.http_client import only_error, sign_in

pytestmark = pytest.mark.usefixtures("database")
TEXT = "{ viewer { user { givenName } } }"
ELS = {"viewer": {"user": {"givenName": "Els"}}}
Els = AsyncClient


@pytest.fixture
async def els(valkey: str) -> AsyncIterator[AsyncClient]:
    """Somebody who is signed in, at an API that keeps documents."""
    async with client_of(valkey) as client:
        await sign_in(client, await rows.a_user(given_name="Els"))
        yield client


@asynccontextmanager
async def client_of(redis_url: str) -> AsyncIterator[AsyncClient]:
    shared = SharedState(redis_url)
    transport = ASGITransport(create_app(shared=shared))
    headers = {"accept-language": "en"}
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as client:
        yield client
    await shared.close()


def persisted(digest: str, **others: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}, **others}


async def asks(client: AsyncClient, **asked: Any) -> Response:
    return await client.post("/graphql", json=asked)


async def test_what_was_sent_once_is_known_by_its_digest(els: Els):
    unknown = await asks(els, **persisted(digest_of(TEXT)))
    sent = await asks(els, **persisted(digest_of(TEXT), query=TEXT))
    named = await asks(els, **persisted(digest_of(TEXT)))

    assert only_error(unknown)["message"] == "PersistedQueryNotFound"
    assert [answer.json()["data"] for answer in (sent, named)] == [ELS, ELS]


async def test_it_can_be_asked_by_address(els: Els):
    await asks(els, **persisted(digest_of(TEXT), query=TEXT))
    extensions = orjson.dumps(persisted(digest_of(TEXT))["extensions"]).decode()

    response = await els.get("/graphql", params={"extensions": extensions})

    assert response.json()["data"] == ELS


async def test_every_process_finds_what_one_was_sent(els: Els, valkey: str):
    await asks(els, **persisted(digest_of(TEXT), query=TEXT))
    async with client_of(valkey) as other:
        response = await asks(other, **persisted(digest_of(TEXT)))

    assert response.json()["data"] == {"viewer": None}


@pytest.mark.parametrize("text", ["{ nothing }", "{ viewer {", "{ viewer { user { id } } } #" + "x" * MAX_CHARACTERS])
async def test_what_is_invalid_or_long_is_not_kept(els: Els, text: str):
    await asks(els, **persisted(digest_of(text), query=text))

    assert only_error(await asks(els, **persisted(digest_of(text))))["message"] == "PersistedQueryNotFound"


async def test_nobody_has_anything_kept(valkey: str):
    async with client_of(valkey) as nobody:
        await asks(nobody, **persisted(digest_of(TEXT), query=TEXT))
        response = await asks(nobody, **persisted(digest_of(TEXT)))

    assert only_error(response)["message"] == "PersistedQueryNotFound"


async def test_a_digest_of_another_text_is_refused(els: Els):
    response = await asks(els, **persisted(digest_of("{ themes { code } }"), query=TEXT))

    error = only_error(response)
    assert (
        error["message"]
        == f"The digest {digest_of('{ themes { code } }')} is not that of the document that came with it."
    )
    assert error["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize(
    "persisted_query",
    [7, "x", {}, {"version": 2, "sha256Hash": digest_of(TEXT)}, {"version": 1, "sha256Hash": "x" * 64}, {"version": 1}],
)
async def test_what_is_no_digest_is_refused(els: Els, persisted_query: Any):
    response = await asks(els, extensions={"persistedQuery": persisted_query})

    assert only_error(response)["message"] == "persistedQuery has version 1, and sha256Hash with 64 hexadecimal digits."


async def test_without_valkey_clients_send_the_text():
    async with client_of(f"redis://{NOWHERE}/0") as client:
        await sign_in(client, await rows.a_user(given_name="Els"))
        sent = await asks(client, **persisted(digest_of(TEXT), query=TEXT))
        named = await asks(client, **persisted(digest_of(TEXT)))

    assert sent.json()["data"] == ELS
    assert only_error(named)["message"] == "PersistedQueryNotFound"


@pytest.mark.parametrize("prefix", ["", "sha256:"])
async def test_a_registered_document_is_known_from_the_start_and_until_it_is_forgotten(els: Els, prefix: str):
    await register_documents(actor=OPERATOR, documents={digest_of(TEXT): TEXT})
    known = await asks(els, documentId=prefix + digest_of(TEXT))
    known_by_address = await els.get("/graphql", params={"documentId": prefix + digest_of(TEXT)})

    await forget_documents(actor=OPERATOR, digests=[digest_of(TEXT)])
    forgotten = await asks(els, documentId=prefix + digest_of(TEXT))

    assert [known.json()["data"], known_by_address.json()["data"]] == [ELS, ELS]
    assert only_error(forgotten)["message"] == "PersistedQueryNotFound"


async def test_where_only_registered_documents_are_answered_others_are_not(els: Els, environment: Environment):
    await register_documents(actor=OPERATOR, documents={digest_of(TEXT): TEXT})
    await asks(els, **persisted(digest_of("{ themes { code } }"), query="{ themes { code } }"))
    environment.set(TRUSTED_DOCUMENTS_ONLY="true")

    registered = [await asks(els, query=TEXT), await asks(els, documentId=digest_of(TEXT))]
    others = [await asks(els, query="{ __typename }"), await asks(els, **persisted(digest_of("{ themes { code } }")))]

    assert [answer.json()["data"] for answer in registered] == [ELS, ELS]
    told = {only_error(answer)["message"] for answer in others}
    assert told == {"Only registered documents are answered here. Ask the operator to register this one."}
    assert all("data" not in answer.json() for answer in others)
