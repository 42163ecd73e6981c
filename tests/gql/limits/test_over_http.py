"""The limits as an HTTP client meets them: cost, size, budget and timeout."""

import asyncio
import contextlib
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from domain.database.connection import database as connection
from gql.app import create_app
from gql.http.view import GraphQLView
from gql.limits.allowance import PERSON
from gql.shared_state import SharedState
from identity import sessions
from tests import rows
from tests.gql.execution import captured_statements
from tests.gql.http_client import browser, only_error, post

pytestmark = pytest.mark.usefixtures("database")
GRAPHQL = "application/graphql-response+json"
LARGE = """{ organisation(enterpriseNumber: "0123.456.749") { contracts(first: 100) { edges { node {
  groupLinks { memberships(first: 100) { edges { node {
    workRelation { memberships { edges { cursor } } } } } } } } } } } }"""


async def test_every_response_reports_the_cost():
    async with browser() as client:
        response = await post(client, "{ viewer { user { givenName } } }")

    assert response.json()["extensions"] == {"cost": {"asked": 1, "allowed": 250_000}}


async def test_an_operation_over_the_cost_limit_is_refused_without_a_statement():
    async with browser() as client:
        with captured_statements() as statements:
            response = await post(client, LARGE, accept=GRAPHQL)

    cost = 1 + 100 * (1 + 20 * (1 + 100 * (1 + 50)))
    message = f"The operation has {cost:,} objects to read; at most 250,000 are allowed. Ask for smaller pages."
    error = only_error(response)
    assert (response.status_code, error["message"], statements) == (400, message, [])
    assert error["extensions"] == {
        "code": "TOO_EXPENSIVE",
        "requestId": response.headers["x-request-id"],
        "asked": cost,
        "allowed": 250_000,
    }
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{ __typename }" + "#\n" * 2_000, "Syntax Error: Document contains more than 2000 tokens. Parsing aborted."),
        (
            "{ __typename }" + " " * 100_000,
            "Syntax Error: Source contains more than 100000 code points. Parsing aborted.",
        ),
        (
            "{ " + "viewer { user { id } } " * 500 + "}",
            "Syntax Error: Document contains more than 2000 tokens. Parsing aborted.",
        ),
        (
            "{ " + " ".join(f"a{n}: viewer {{ user {{ id }} }}" for n in range(31)) + " }",
            "The operation has 31 aliases; at most 30 are allowed. Ask in several requests.",
        ),
        (
            "{ viewer" + " { organisations { organisation" * 11 + " { id" + " } }" * 11 + " } }",
            "The operation has 24 levels of fields inside fields; at most 20 are allowed. Ask in two steps.",
        ),
    ],
)
async def test_a_document_over_the_size_limits_is_refused(document: str, message: str):
    async with browser() as client:
        response = await post(client, document)

    assert only_error(response)["message"] == message


async def test_a_spent_budget_refuses_with_the_seconds_to_wait(valkey: str):
    shared = SharedState(valkey)
    client = AsyncClient(transport=ASGITransport(create_app(shared=shared)), base_url="http://127.0.0.1:8000")
    user = await rows.a_user()
    client.cookies.set("session", await sessions.begin(user.id, None))
    async with client:
        await shared.budget.spend(f"person:{user.id}", PERSON.objects_per_minute, PERSON.objects_per_minute)
        refused = await post(client, "{ themes { code } }")
        without_cost = await post(client, "{ __typename }")
    await shared.close()

    retry_after = int(refused.headers["retry-after"])
    assert (refused.status_code, without_cost.status_code) == (429, 200)
    assert 1 <= retry_after <= 60
    extensions = only_error(refused)["extensions"]
    assert extensions.pop("requestId") == refused.headers["x-request-id"]
    assert extensions == {"code": "RATE_LIMITED", "asked": 20, "allowed": 10_000_000, "retryAfter": retry_after}


async def test_a_negative_page_size_gives_nothing_back_to_the_budget(valkey: str):
    shared, allowed = SharedState(valkey), PERSON.objects_per_minute
    client = AsyncClient(transport=ASGITransport(create_app(shared=shared)), base_url="http://127.0.0.1:8000")
    user = await rows.a_user()
    client.cookies.set("session", await sessions.begin(user.id, None))
    selection = '{ viewer { selfRegistrations { id } } node(id: "T3JnYW5pc2F0aW9uOjE=") { ...F } }'
    fragment = "fragment F on Organisation { contracts(first: $n) { edges { node { id } } } }"
    async with client:
        await shared.budget.spend(f"person:{user.id}", allowed - 50, allowed)
        responses = [
            await client.post(
                "/graphql", json={"query": f"query($n: Int) {selection} {fragment}", "variables": {"n": -1_000_000}}
            )
            for _ in range(3)
        ]
    await shared.close()

    assert [response.json()["extensions"]["cost"]["asked"] for response in responses] == [22, 22, 22]
    assert [response.status_code for response in responses] == [200, 200, 429]


SLEEPING = (
    "select count(*) as count from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
)


class SlowView(GraphQLView):
    """A view whose operations first sleep in the database, like a statement that takes too long."""

    async def execute_single(self, *args: Any, **options: Any) -> Any:
        await connection().execute_query_dict("select pg_sleep(60)")
        return await super().execute_single(*args, **options)


async def wait_for_sleeping(count: int) -> None:
    """Waits until so many statements sleep in the database."""
    sleeping = -1
    while sleeping != count:
        [row] = await connection().execute_query_dict(SLEEPING)
        sleeping = row["count"]


class Client:
    """A client that speaks ASGI itself, and may disconnect before the response."""

    def __init__(self) -> None:
        self.disconnected = asyncio.Event()
        self.messages: list[Any] = []
        self._requests = iter([{"type": "http.request", "body": b'{"query": "{ __typename }"}'}])

    async def request(self, api: GraphQLView) -> None:
        headers = [(b"content-type", b"application/json"), (b"host", b"127.0.0.1")]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
        await api({**scope, "state": {"request_id": "0" * 32}}, self._receive, self._send)

    async def _receive(self) -> Any:
        with contextlib.suppress(StopIteration):
            return next(self._requests)
        await self.disconnected.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.messages.append(message)


async def test_a_request_that_times_out_is_cancelled_in_the_database():
    client = Client()

    await client.request(SlowView(request_timeout=0.5))

    assert client.messages[0]["status"] == 503
    assert b"TOO_EXPENSIVE" in client.messages[1]["body"]
    await wait_for_sleeping(0)


async def test_a_request_whose_client_disconnects_is_cancelled_in_the_database():
    client = Client()
    request = asyncio.create_task(client.request(SlowView()))
    await wait_for_sleeping(1)

    client.disconnected.set()

    await request
    assert client.messages == []
    await wait_for_sleeping(0)
