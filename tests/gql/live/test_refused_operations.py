"""Subscriptions that are refused at once: both transports send the reason, so that clients don't reconnect forever."""

from typing import Any

import orjson
import pytest

from tests import rows
from tests.gql.live.live_api import ACTION, LiveApi

UNKNOWN_DIGEST = {"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}}
NESTED = "contract { organisation { contracts { edges { node { " * 4 + "id" + " } } } } }" * 4
LARGE = "documents(first: 100) { edges { node { contract { " * 3 + "id" + " } } } }" * 3

refused_payloads = pytest.mark.parametrize(
    ("payload", "code", "message_start"),
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


@refused_payloads
async def test_a_websocket_receives_the_refusal_and_stays_open(
    api: LiveApi, payload: dict[str, Any], code: str, message_start: str
):
    async with api.subscriber(await rows.a_user()) as subscriber:
        await subscriber.send(type="subscribe", id="1", payload=payload)
        message = await subscriber.receive()
        await subscriber.send(type="ping")
        reply = await subscriber.receive()

    assert (message["type"], message["id"]) == ("error", "1")
    [error] = message["payload"]
    assert (error["extensions"]["code"], error["message"][: len(message_start)]) == (code, message_start)
    assert reply == {"type": "pong"}


@refused_payloads
async def test_an_event_stream_receives_the_refusal_and_completes(
    api: LiveApi, payload: dict[str, Any], code: str, message_start: str
):
    headers = await api.session_headers(await rows.a_user()) | {"accept": "text/event-stream"}
    async with api.client(headers) as client:
        response = await client.post("/graphql", json=payload)

    events = response.text.replace("\r\n", "\n").strip("\n").split("\n\n")
    [first, last] = [event for event in events if not event.startswith(":")]
    body = orjson.loads(first.removeprefix("event: next\ndata: "))
    [error] = body["errors"]
    assert (error["extensions"]["code"], error["message"][: len(message_start)]) == (code, message_start)
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert "data" not in body
    assert last.startswith("event: complete")


URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)


@pytest.mark.parametrize(
    ("accept", "content_type"),
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
async def test_a_query_is_answered_with_an_event_stream_only_if_that_is_preferred(
    api: LiveApi, accept: str, content_type: str
):
    headers = await api.session_headers(await rows.a_user()) | {"accept": accept}
    async with api.client(headers) as client:
        by_post = await client.post("/graphql", json={"query": "{ themes { code } }"})
        by_get = await client.get("/graphql", params={"query": "{ themes { code } }"})

    assert [response.headers["content-type"] for response in (by_post, by_get)] == [content_type] * 2
    assert ("INVOICING" in by_post.text) is (content_type != "text/event-stream")


@pytest.mark.parametrize(("query", "message_start"), [(None, "PersistedQueryNotFound"), (ACTION, "The digest aaaa")])
async def test_an_event_stream_receives_what_is_wrong_with_a_digest(
    api: LiveApi, query: str | None, message_start: str
):
    headers = await api.session_headers(await rows.a_user()) | {"accept": "text/event-stream"}
    async with api.client(headers) as client:
        response = await client.post("/graphql", json={"query": query, "extensions": UNKNOWN_DIGEST})

    assert f'"message":"{message_start}' in response.text
    assert "event: complete" in response.text
