"""Subscriptions that are refused before they begin: both transports say why, and nobody connects again for ever."""

from typing import Any

import orjson
import pytest

from tests import rows
from tests.gql.live.live_api import ACTION, LiveApi

NOT_KEPT = {"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}}
NESTED = "contract { organisation { contracts { edges { node { " * 4 + "id" + " } } } } }" * 4
LARGE = "documents(first: 100) { edges { node { contract { " * 3 + "id" + " } } } }" * 3

refused = pytest.mark.parametrize(
    ("payload", "code", "told"),
    [
        ({"query": "subscription {"}, "BAD_INPUT", "Syntax Error"),
        ({"query": f"{ACTION} {ACTION.replace('(', 'Two(', 1)}"}, "BAD_INPUT", "The document has several"),
        ({"query": ACTION, "operationName": "Other"}, "BAD_INPUT", 'Unknown operation named "Other"'),
        ({"query": ACTION, "variables": {"id": "a" * 50_001}}, "TOO_EXPENSIVE", "The operation has"),
        (
            {"query": f'subscription {{ actionChanged(contractId: "") {{ {NESTED} }} }}'},
            "TOO_EXPENSIVE",
            "The operation has 22 levels",
        ),
        (
            {"query": f'subscription {{ actionChanged(contractId: "") {{ contract {{ {LARGE} }} }} }}'},
            "TOO_EXPENSIVE",
            "The operation has 1,010,101 objects to read",
        ),
    ],
)


@refused
async def test_a_websocket_is_told_why(api: LiveApi, payload: dict[str, Any], code: str, told: str):
    async with api.subscriber(await rows.a_user()) as subscriber:
        await subscriber.send(type="subscribe", id="1", payload=payload)
        message = await subscriber.receive()
        await subscriber.send(type="ping")
        after = await subscriber.receive()

    assert (message["type"], message["id"]) == ("error", "1")
    [error] = message["payload"]
    assert (error["extensions"]["code"], error["message"][: len(told)]) == (code, told)
    assert after == {"type": "pong"}


@refused
async def test_a_stream_of_events_is_told_why_and_is_complete(
    api: LiveApi, payload: dict[str, Any], code: str, told: str
):
    headers = await api.session_headers(await rows.a_user()) | {"accept": "text/event-stream"}
    async with api.client(headers) as client:
        response = await client.post("/graphql", json=payload)

    events = response.text.replace("\r\n", "\n").strip("\n").split("\n\n")
    [first, last] = [event for event in events if not event.startswith(":")]
    body = orjson.loads(first.removeprefix("event: next\ndata: "))
    [error] = body["errors"]
    assert (error["extensions"]["code"], error["message"][: len(told)]) == (code, told)
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert "data" not in body
    assert last.startswith("event: complete")


URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)


@pytest.mark.parametrize(
    ("accept", "answered_in"),
    [
        (URQL, "application/graphql-response+json; charset=utf-8"),
        ("application/json, text/event-stream", "application/json; charset=utf-8"),
        ("text/event-stream;q=0.5, */*", "application/json; charset=utf-8"),
        ("text/event-stream, multipart/mixed", "text/event-stream"),
        ("text/event-stream, application/json", "text/event-stream"),
        ("application/json;q=0.5, Text/Event-Stream", "text/event-stream"),
        ("text/event-stream;q=0", "application/json; charset=utf-8"),
    ],
)
async def test_only_a_client_that_takes_events_best_is_sent_them(api: LiveApi, accept: str, answered_in: str):
    headers = await api.session_headers(await rows.a_user()) | {"accept": accept}
    async with api.client(headers) as client:
        response = await client.post("/graphql", json={"query": "{ themes { code } }"})
        asked = await client.get("/graphql", params={"query": "{ themes { code } }"})

    assert [answer.headers["content-type"] for answer in (response, asked)] == [answered_in] * 2
    assert ("INVOICING" in response.text) is (answered_in != "text/event-stream")


@pytest.mark.parametrize(("query", "told"), [(None, "PersistedQueryNotFound"), (ACTION, "The digest aaaa")])
async def test_a_stream_of_events_is_told_what_is_wrong_with_a_name(api: LiveApi, query: str | None, told: str):
    headers = await api.session_headers(await rows.a_user()) | {"accept": "text/event-stream"}
    async with api.client(headers) as client:
        response = await client.post("/graphql", json={"query": query, "extensions": NOT_KEPT})

    assert f'"message":"{told}' in response.text
    assert "event: complete" in response.text
