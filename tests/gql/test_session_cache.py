"""A cached session presumes the viewer: one statement reads the data and verifies the presumption."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from domain.actor import NOBODY
from domain.models import AccessRight, Group, Role, Session
from gql.context import Context
from gql.limits.allowance import PERSON
from gql.reading.ids import global_id
from gql.schema import engine, schema
from gql.session_cache import CachedSession, SessionCache
from gql.shared_state import SharedState
from identity import sessions
from identity.backend import Credentials
from observing.log_context import log_context
from tests import rows
from tests.access_cast import Cast, cast
from tests.domain.rules.rights import change, revoke
from tests.gql.execution import REQUEST_ID, captured_statements
from tests.gql.http_client import browser
from tests.gql.reading.engine_execution import break_plans, enabled_engine, recorded_statements
from tests.gql.shared_state import shared_state
from tests.prepared_databases import prepared_databases

__all__ = ["cast", "enabled_engine", "prepared_databases", "shared_state"]
pytestmark = pytest.mark.usefixtures("cast", "enabled_engine")
QUERY = "query($id: ID!) { viewer { user { givenName } } node(id: $id) { ... on Organisation { name viewerCan } } }"
DELETE_GROUP = "mutation($group: ID!) { deleteGroup(input: {id: $group, version: 1}) { errors { code } } }"


@pytest.fixture
async def client(cast: Cast) -> AsyncIterator[AsyncClient]:
    """A client in which the administrator is signed in."""
    async with browser() as client:
        client.cookies.set("session", await sessions.begin(cast.people["admin"].id, None))
        yield client


async def execute(client: AsyncClient, cast: Cast, text: str = QUERY, **variables: str) -> dict[str, Any]:
    """Executes a document, and returns the body of the response."""
    values = variables or {"id": global_id("Organisation", cast.organisation.id)}
    response = await client.post("/graphql", json={"query": text, "variables": values})
    body: dict[str, Any] = response.json()
    return body


async def execute_until_cached(client: AsyncClient, cast: Cast) -> dict[str, Any]:
    """Executes the query until the operation and the session are cached, and returns the last response."""
    return [await execute(client, cast) for _ in range(4)][-1]


async def right_of_admin(cast: Cast) -> AccessRight:
    return await AccessRight.get(work_relation_id=cast.relations["admin"].id)


async def test_one_statement_reads_the_data_and_verifies_the_session(client: AsyncClient, cast: Cast):
    first = await execute(client, cast)
    await execute_until_cached(client, cast)

    with recorded_statements() as by_engine, captured_statements() as by_models:
        response = await execute(client, cast)

    assert response["data"] == first["data"]
    assert response["data"]["viewer"] == {"user": {"givenName": cast.people["admin"].given_name}}
    assert (len(by_engine), by_models) == (1, [])


async def test_changed_facts_about_the_viewer_are_read_again(client: AsyncClient, cast: Cast):
    before = await execute_until_cached(client, cast)
    await change(cast, await right_of_admin(cast), roles=[Role.USER])

    with recorded_statements() as statements:
        after = await execute(client, cast)

    assert len(statements) == 2
    assert before["data"]["node"]["viewerCan"] != after["data"]["node"]["viewerCan"]
    async with browser() as other_client:
        other_client.cookies = client.cookies
        assert after == await execute(other_client, cast)


async def test_a_session_that_was_ended_elsewhere_has_no_viewer(client: AsyncClient, cast: Cast):
    await execute_until_cached(client, cast)
    await sessions.end(str(client.cookies["session"]))

    after = await execute(client, cast)

    async with browser() as anonymous:
        assert after["data"] == (await execute(anonymous, cast))["data"]
    assert after["data"]["viewer"] is None


async def test_a_plan_that_fails_does_not_prevent_the_check_of_the_session(client: AsyncClient, cast: Cast):
    # A document of this test alone: its plan stays broken.
    text = QUERY.replace("query(", "query Failing(")
    expected = [await execute(client, cast, text) for _ in range(4)][-1]
    break_plans(engine, text)
    failed = await execute(client, cast, text)
    await sessions.end(str(client.cookies["session"]))

    after = await execute(client, cast, text)

    assert failed == expected
    assert after["data"]["viewer"] is None


async def test_the_loss_of_the_last_right_ends_the_session(client: AsyncClient, cast: Cast):
    await execute_until_cached(client, cast)
    await revoke(cast, await right_of_admin(cast))

    after = [await execute(client, cast) for _ in range(2)]

    assert [response["data"]["viewer"] for response in after] == [None, None]
    assert (await Session.get(user_id=cast.people["admin"].id)).ended_at is not None


async def test_a_mutation_never_relies_on_a_presumed_viewer(client: AsyncClient, cast: Cast):
    group = await rows.a_group(cast.organisation)
    await execute_until_cached(client, cast)
    await revoke(cast, await right_of_admin(cast))

    response = await execute(client, cast, DELETE_GROUP, group=global_id("Group", group.id))

    assert await Group.exists(id=group.id)
    assert response["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_cached_session_in_use_is_still_marked_as_seen(client: AsyncClient, cast: Cast):
    await execute_until_cached(client, cast)
    earlier = await rows.now() - timedelta(minutes=2)
    await Session.all().update(last_seen_at=earlier)

    await execute(client, cast)

    assert (await Session.get()).last_seen_at > earlier


async def test_the_budget_is_charged_once_when_the_data_are_read_again(
    client: AsyncClient, cast: Cast, shared_state: SharedState
):
    await execute_until_cached(client, cast)
    session = await cached_session(str(client.cookies["session"]))
    await change(cast, await right_of_admin(cast), roles=[Role.USER])
    allowed = PERSON.objects_per_minute
    await shared_state.budget.spend(f"person:{cast.people['admin'].id}", allowed - 5, allowed)

    context = Context(NOBODY, "nl", REQUEST_ID, shared_state)
    context.use_cached_session(session)
    variables = {"id": global_id("Organisation", cast.organisation.id)}
    result = await schema.execute(QUERY, variable_values=variables, context_value=context)

    assert result.errors is None
    assert context.actor.standing != session.actor.standing


async def test_the_log_context_has_no_actor_after_the_session_has_ended(client: AsyncClient, cast: Cast):
    session = await cached_session(token := str(client.cookies["session"]))
    context = Context(NOBODY, "nl", REQUEST_ID)
    context.use_cached_session(session)
    context.log_actor()
    presumed_context = log_context()
    await sessions.end(token)

    await context.revalidate_actor()

    assert presumed_context == {"actor": f"person:{cast.people['admin'].id}"}
    assert (log_context(), context.actor) == ({}, NOBODY)


async def cached_session(token: str) -> CachedSession:
    cache, credentials = SessionCache(), Credentials(session=token)
    assert cache.get(credentials) is None
    await cache.authenticate(credentials)
    session = cache.get(credentials)
    assert session
    return session


async def test_a_request_with_a_bearer_token_uses_no_cached_session(client: AsyncClient):
    cache, token = SessionCache(), str(client.cookies["session"])
    await cache.authenticate(Credentials(session=token))

    assert cache.get(Credentials(bearer="of somebody else", session=token)) is None
