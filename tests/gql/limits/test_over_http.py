"""What is too much, as a client is told it."""

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


async def test_every_answer_tells_what_it_cost():
    async with browser() as client:
        response = await post(client, "{ viewer { user { givenName } } }")

    assert response.json()["extensions"] == {"cost": {"asked": 1, "allowed": 250_000}}


async def test_what_costs_too_much_is_not_begun():
    async with browser() as client:
        with captured_statements() as taken:
            response = await post(client, LARGE, accept=GRAPHQL)

    asked = 1 + 100 * (1 + 20 * (1 + 100 * (1 + 50)))
    told = f"The operation has {asked:,} objects to read; at most 250,000 are allowed. Ask for smaller pages."
    error = only_error(response)
    assert (response.status_code, error["message"], taken) == (400, told, [])
    assert error["extensions"] == {
        "code": "TOO_EXPENSIVE",
        "requestId": response.headers["x-request-id"],
        "asked": asked,
        "allowed": 250_000,
    }
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("{ __typename }" + "#\n" * 2_000, "Syntax Error: Document contains more than 2000 tokens."),
        ("{ __typename }" + " " * 100_000, "Syntax Error: Source contains more than 100000 code points."),
        ("{ " + "viewer { user { id } } " * 500 + "}", "Syntax Error: Document contains more than 2000 tokens."),
        (
            "{ " + " ".join(f"a{n}: viewer {{ user {{ id }} }}" for n in range(31)) + " }",
            "The operation has 31 aliases;",
        ),
        ("{ viewer" + " { organisations { organisation" * 11 + " { id" + " } }" * 11 + " } }", "The operation has 24"),
    ],
)
async def test_what_is_too_large_is_refused_before_it_is_looked_at(document: str, told: str):
    async with browser() as client:
        response = await post(client, document)

    assert only_error(response)["message"].startswith(told)


async def test_a_spent_budget_tells_when_there_is_room_again(valkey: str):
    shared = SharedState(valkey)
    client = AsyncClient(transport=ASGITransport(create_app(shared=shared)), base_url="http://127.0.0.1:8000")
    user = await rows.a_user()
    client.cookies.set("session", await sessions.begin(user.id, None))
    async with client:
        await shared.budget.spend(f"person:{user.id}", PERSON.objects_per_minute, PERSON.objects_per_minute)
        refused = await post(client, "{ themes { code } }")
        free = await post(client, "{ __typename }")
    await shared.close()

    wait = int(refused.headers["retry-after"])
    assert (refused.status_code, free.status_code) == (429, 200)
    assert 1 <= wait <= 60
    extensions = only_error(refused)["extensions"]
    assert extensions.pop("requestId") == refused.headers["x-request-id"]
    assert extensions == {"code": "RATE_LIMITED", "asked": 20, "allowed": 10_000_000, "retryAfter": wait}


async def test_no_page_size_gives_anything_back_to_a_budget(valkey: str):
    shared, allowed = SharedState(valkey), PERSON.objects_per_minute
    client = AsyncClient(transport=ASGITransport(create_app(shared=shared)), base_url="http://127.0.0.1:8000")
    user = await rows.a_user()
    client.cookies.set("session", await sessions.begin(user.id, None))
    page = '{ viewer { selfRegistrations { id } } node(id: "T3JnYW5pc2F0aW9uOjE=") { ...F } }'
    fragment = "fragment F on Organisation { contracts(first: $n) { edges { node { id } } } }"
    async with client:
        await shared.budget.spend(f"person:{user.id}", allowed - 50, allowed)
        answers = [
            await client.post(
                "/graphql", json={"query": f"query($n: Int) {page} {fragment}", "variables": {"n": -1_000_000}}
            )
            for _ in range(3)
        ]
    await shared.close()

    assert [answer.json()["extensions"]["cost"]["asked"] for answer in answers] == [22, 22, 22]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


ASLEEP = "select count(*) as count from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"


class _Slow(GraphQLView):
    """An API whose reading sleeps in the database, as a statement does that takes too long."""

    async def execute_single(self, *args: Any, **options: Any) -> Any:
        await connection().execute_query_dict("select pg_sleep(60)")
        return await super().execute_single(*args, **options)


async def _until_asleep(count: int) -> None:
    asleep = -1
    while asleep != count:
        [row] = await connection().execute_query_dict(ASLEEP)
        asleep = row["count"]


class _Client:
    """Somebody who asks by hand, and may leave before the answer."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.told: list[Any] = []
        self._asked = iter([{"type": "http.request", "body": b'{"query": "{ __typename }"}'}])

    async def request(self, api: GraphQLView) -> None:
        headers = [(b"content-type", b"application/json"), (b"host", b"127.0.0.1")]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
        await api({**scope, "state": {"request_id": "0" * 32}}, self._receive, self._send)

    async def _receive(self) -> Any:
        with contextlib.suppress(StopIteration):
            return next(self._asked)
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.told.append(message)


async def test_what_takes_too_long_is_stopped_in_the_database_too():
    client = _Client()

    await client.request(_Slow(request_timeout=0.5))

    assert client.told[0]["status"] == 503
    assert b"TOO_EXPENSIVE" in client.told[1]["body"]
    await _until_asleep(0)


async def test_a_client_that_leaves_stops_the_work():
    client = _Client()
    answering = asyncio.create_task(client.request(_Slow()))
    await _until_asleep(1)

    client.left.set()

    await answering
    assert client.told == []
    await _until_asleep(0)
