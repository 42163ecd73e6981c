"""A cached mutation takes the fast path: it is executed once, with the same rules and the same response."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from httpx import AsyncClient

from domain.json_text import json_text
from domain.models import AuditEntry, Organisation
from gql.context import Context
from gql.limits.allowance import PERSON
from gql.operations.fast_path import FastPath
from gql.reading.ids import global_id
from gql.schema import schema
from gql.shared_state import SharedState
from identity import sessions
from tests.access_cast import Cast, cast
from tests.gql.execution import REQUEST_ID
from tests.gql.http_client import browser
from tests.gql.operations.test_observation import operations
from tests.gql.reading.engine_execution import enabled_engine
from tests.gql.shared_state import shared_state
from tests.observing.scrape import Scrape
from tests.prepared_databases import prepared_databases
from tests.recorded_calls import recorded_calls
from tests.table_contents import assert_tables_unchanged

__all__ = ["cast", "enabled_engine", "prepared_databases", "shared_state"]
pytestmark = pytest.mark.usefixtures("cast", "enabled_engine")
DOCUMENT = """mutation SetEmail($input: SetOrganisationEmailInput!) { setOrganisationEmail(input: $input) {
  organisation { id email version } errors { code refusal message path } } }"""


@pytest.fixture
async def client(cast: Cast) -> AsyncIterator[AsyncClient]:
    """A client of the administrator, who has set the e-mail twice, so that the mutation is cached."""
    async with browser() as client:
        client.cookies.set("session", await sessions.begin(cast.people["admin"].id, None))
        for version in (1, 2):
            await set_email(client, cast, version)
        yield client


async def set_email(
    client: AsyncClient, cast: Cast, version: Any, email: str = "werf@aannemer.example"
) -> dict[str, Any]:
    """Sets the organisation's e-mail, and returns the body of the response."""
    mutation_input = {
        "id": global_id("Organisation", cast.organisation.id),
        "version": version,
        "email": f"{version}.{email}",
    }
    response = await client.post("/graphql", json={"query": DOCUMENT, "variables": {"input": mutation_input}})
    body: dict[str, Any] = response.json()
    return body


async def set_email_on_ordinary_path(client: AsyncClient, cast: Cast, version: Any) -> dict[str, Any]:
    """As `set_email`, on the ordinary path."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(FastPath, "execute", _miss)
        return await set_email(client, cast, version)


async def _miss(*_arguments: Any) -> None:
    return None


def fast_path_executions() -> AbstractContextManager[list[tuple[Any, ...]]]:
    """Records what is executed on the fast path."""
    return recorded_calls(FastPath, "_execute_by_executor")


async def test_a_mutation_on_the_fast_path_is_executed_once_with_the_same_response(client: AsyncClient, cast: Cast):
    ordinary = await set_email_on_ordinary_path(client, cast, 3)
    audit_entries = await AuditEntry.filter(action="ORGANISATION_EMAIL_SET").count()

    with fast_path_executions() as executions:
        response = await set_email(client, cast, 4)

    changes = {"email": "4.werf@aannemer.example", "version": 5}
    organisation = ordinary["data"]["setOrganisationEmail"]["organisation"] | changes
    assert response["data"] == {"setOrganisationEmail": {"organisation": organisation, "errors": []}}
    assert response["extensions"] == ordinary["extensions"]
    assert len(executions) == 1
    assert await AuditEntry.filter(action="ORGANISATION_EMAIL_SET").count() == audit_entries + 1


@pytest.mark.parametrize("version", [1, 2**40, "1", None], ids=["stale", "too great", "text", "missing"])
async def test_a_refusal_on_the_fast_path_has_the_same_response_and_changes_nothing(
    client: AsyncClient, cast: Cast, version: Any
):
    ordinary = await set_email_on_ordinary_path(client, cast, version)

    async with assert_tables_unchanged():
        with fast_path_executions() as executions:
            response = await set_email(client, cast, version)

    assert len(executions) == 1
    assert _without_request_ids(response) == _without_request_ids(ordinary)


async def test_an_unexpected_error_on_the_fast_path_is_reported_and_not_retried(
    client: AsyncClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    calls: list[object] = []

    async def fail(*arguments: object, **keywords: object) -> None:
        calls.append((arguments, keywords))
        raise ValueError("It can't be written.")

    monkeypatch.setattr("domain.actor_transaction.ActorTransaction.record", fail)

    async with assert_tables_unchanged():
        response = await set_email(client, cast, 3)

    [error] = response["data"]["setOrganisationEmail"]["errors"]
    assert (error["code"], error["refusal"], len(calls)) == ("UNAVAILABLE", "UNEXPECTED", 1)


async def test_an_ended_session_is_refused_on_the_fast_path(client: AsyncClient, cast: Cast):
    await sessions.end(str(client.cookies["session"]))

    async with assert_tables_unchanged():
        response = await set_email(client, cast, 3)

    assert response["data"] is None
    assert [error["extensions"]["code"] for error in response["errors"]] == ["UNAUTHENTICATED"]


async def test_a_cached_mutation_in_a_get_request_is_refused(client: AsyncClient, cast: Cast):
    mutation_input = {"id": global_id("Organisation", cast.organisation.id), "version": 3, "email": None}

    response = await client.get(
        "/graphql", params={"query": DOCUMENT, "variables": json_text({"input": mutation_input})}
    )

    assert response.status_code == 405
    assert (await Organisation.get(id=cast.organisation.id)).version == 3


@pytest.mark.usefixtures("client")
async def test_a_cached_mutation_is_charged_to_the_budget(cast: Cast, shared_state: SharedState):
    context = Context(cast.actors["admin"], "nl", REQUEST_ID, shared_state)
    allowed = PERSON.objects_per_minute
    await shared_state.budget.spend(context.viewer_key, allowed - 40, allowed)
    mutation_input = {"id": global_id("Organisation", cast.organisation.id), "email": None}

    results = [
        await schema.execute(
            DOCUMENT, variable_values={"input": mutation_input | {"version": version}}, context_value=context
        )
        for version in (3, 4)
    ]

    assert [result.errors is None for result in results] == [True, False]
    assert (await Organisation.get(id=cast.organisation.id)).version == 4


async def test_a_cached_mutation_is_counted_by_its_outcome(client: AsyncClient, cast: Cast):
    before = Scrape.of_this_process()

    await set_email(client, cast, 3)
    await set_email(client, cast, "none")

    after = Scrape.of_this_process()
    counts_after = [operations(after, "other", "mutation", outcome) for outcome in ("answered", "refused")]
    counts_before = [operations(before, "other", "mutation", outcome) for outcome in ("answered", "refused")]
    assert [
        count_after - count_before for count_after, count_before in zip(counts_after, counts_before, strict=True)
    ] == [1, 1]


def _without_request_ids(body: dict[str, Any]) -> dict[str, Any]:
    """The body without what differs from one request to the next."""
    for error in body.get("errors", ()):
        del error["extensions"]["requestId"]
    return body
