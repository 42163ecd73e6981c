"""A cached mutation takes the fast path: it is executed once, by the same rules, and answered in the same words."""

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
from tests.gql.sharing import shared
from tests.observing.scraped import Scrape
from tests.prepared import prepared
from tests.recorded_calls import recorded_calls
from tests.table_contents import unchanged

__all__ = ["cast", "enabled_engine", "prepared", "shared"]
pytestmark = pytest.mark.usefixtures("cast", "enabled_engine")
ACTING = """mutation Addressing($input: SetOrganisationEmailInput!) { setOrganisationEmail(input: $input) {
  organisation { id email version } errors { code refusal message path } } }"""


@pytest.fixture
async def client(cast: Cast) -> AsyncIterator[AsyncClient]:
    """A browser whose administrator has set the address twice, so that the mutation is cached."""
    async with browser() as opened:
        opened.cookies.set("session", await sessions.begin(cast.people["admin"].id, None))
        for version in (1, 2):
            await act(opened, cast, version)
        yield opened


async def act(client: AsyncClient, cast: Cast, version: Any, email: str = "werf@aannemer.example") -> dict[str, Any]:
    given = {"id": global_id("Organisation", cast.organisation.id), "version": version, "email": f"{version}.{email}"}
    answer = await client.post("/graphql", json={"query": ACTING, "variables": {"input": given}})
    told: dict[str, Any] = answer.json()
    return told


async def act_on_ordinary_path(client: AsyncClient, cast: Cast, version: Any) -> dict[str, Any]:
    """The same on the ordinary path."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FastPath, "execute", _miss)
        return await act(client, cast, version)


async def _miss(*_arguments: Any) -> None:
    return None


def fast_path_executions() -> AbstractContextManager[list[tuple[Any, ...]]]:
    """Records what is executed on the fast path."""
    return recorded_calls(FastPath, "_execute_by_executor")


async def test_it_is_carried_out_once_and_answered_as_before(client: AsyncClient, cast: Cast):
    ordinary = await act_on_ordinary_path(client, cast, 3)
    audited = await AuditEntry.filter(action="ORGANISATION_EMAIL_SET").count()

    with fast_path_executions() as executions:
        answer = await act(client, cast, 4)

    changed = {"email": "4.werf@aannemer.example", "version": 5}
    organisation = ordinary["data"]["setOrganisationEmail"]["organisation"] | changed
    assert answer["data"] == {"setOrganisationEmail": {"organisation": organisation, "errors": []}}
    assert answer["extensions"] == ordinary["extensions"]
    assert len(executions) == 1
    assert await AuditEntry.filter(action="ORGANISATION_EMAIL_SET").count() == audited + 1


@pytest.mark.parametrize("version", [1, 2**40, "1", None], ids=["stale", "too great", "text", "missing"])
async def test_what_is_wrong_is_told_in_the_same_words_and_changes_nothing(
    client: AsyncClient, cast: Cast, version: Any
):
    ordinary = await act_on_ordinary_path(client, cast, version)

    async with unchanged():
        with fast_path_executions() as executions:
            answer = await act(client, cast, version)

    assert len(executions) == 1
    assert _without_request(answer) == _without_request(ordinary)


async def test_a_failure_of_ours_is_told_and_not_tried_again(
    client: AsyncClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    tried: list[object] = []

    async def failing(*asked: object, **more: object) -> None:
        tried.append((asked, more))
        raise ValueError("It can't be written.")

    monkeypatch.setattr("domain.actor_transaction.ActorTransaction.record", failing)

    async with unchanged():
        answer = await act(client, cast, 3)

    [told] = answer["data"]["setOrganisationEmail"]["errors"]
    assert (told["code"], told["refusal"], len(tried)) == ("UNAVAILABLE", "UNEXPECTED", 1)


async def test_a_session_that_has_ended_acts_no_more(client: AsyncClient, cast: Cast):
    await sessions.end(str(client.cookies["session"]))

    async with unchanged():
        answer = await act(client, cast, 3)

    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_it_is_not_carried_out_by_following_a_link(client: AsyncClient, cast: Cast):
    given = {"id": global_id("Organisation", cast.organisation.id), "version": 3, "email": None}

    response = await client.get("/graphql", params={"query": ACTING, "variables": json_text({"input": given})})

    assert response.status_code == 405
    assert (await Organisation.get(id=cast.organisation.id)).version == 3


@pytest.mark.usefixtures("client")
async def test_it_is_taken_from_the_budget(cast: Cast, shared: SharedState):
    context = Context(cast.actors["admin"], "nl", REQUEST_ID, shared)
    allowed = PERSON.objects_per_minute
    await shared.budget.spend(context.viewer_key, allowed - 40, allowed)
    given = {"id": global_id("Organisation", cast.organisation.id), "email": None}

    results = [
        await schema.execute(ACTING, variable_values={"input": given | {"version": version}}, context_value=context)
        for version in (3, 4)
    ]

    assert [result.errors is None for result in results] == [True, False]
    assert (await Organisation.get(id=cast.organisation.id)).version == 4


async def test_it_is_counted_by_what_came_of_it(client: AsyncClient, cast: Cast):
    before = Scrape.of_this_process()

    await act(client, cast, 3)
    await act(client, cast, "none")

    after = Scrape.of_this_process()
    counted = [operations(after, "other", "mutation", outcome) for outcome in ("answered", "refused")]
    earlier = [operations(before, "other", "mutation", outcome) for outcome in ("answered", "refused")]
    assert [now - then for now, then in zip(counted, earlier, strict=True)] == [1, 1]


def _without_request(answer: dict[str, Any]) -> dict[str, Any]:
    """What differs from one request to the next is left out."""
    for error in answer.get("errors", ()):
        del error["extensions"]["requestId"]
    return answer
