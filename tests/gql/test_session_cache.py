"""Whoever asked before with a session is session to ask again: one statement answers, and tells whether that held."""

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
ASKED = "query($id: ID!) { viewer { user { givenName } } node(id: $id) { ... on Organisation { name viewerCan } } }"
DELETING = "mutation($group: ID!) { deleteGroup(input: {id: $group, version: 1}) { errors { code } } }"


@pytest.fixture
async def client(cast: Cast) -> AsyncIterator[AsyncClient]:
    """A browser in which the administrator is signed in."""
    async with browser() as opened:
        opened.cookies.set("session", await sessions.begin(cast.people["admin"].id, None))
        yield opened


async def asked(client: AsyncClient, cast: Cast, text: str = ASKED, **more: str) -> dict[str, Any]:
    variables = more or {"id": global_id("Organisation", cast.organisation.id)}
    answer = await client.post("/graphql", json={"query": text, "variables": variables})
    told: dict[str, Any] = answer.json()
    return told


async def asked_often(client: AsyncClient, cast: Cast) -> dict[str, Any]:
    """The answer to what has been asked before, so that the operation and the session are cached."""
    return [await asked(client, cast) for _ in range(4)][-1]


async def right_of_admin(cast: Cast) -> AccessRight:
    return await AccessRight.get(work_relation_id=cast.relations["admin"].id)


async def test_one_statement_finds_the_session_and_answers(client: AsyncClient, cast: Cast):
    first = await asked(client, cast)
    await asked_often(client, cast)

    with recorded_statements() as read, captured_statements() as others:
        answer = await asked(client, cast)

    assert answer["data"] == first["data"]
    assert answer["data"]["viewer"] == {"user": {"givenName": cast.people["admin"].given_name}}
    assert (len(read), others) == (1, [])


async def test_facts_that_changed_have_it_answered_anew(client: AsyncClient, cast: Cast):
    before = await asked_often(client, cast)
    await change(cast, await right_of_admin(cast), roles=[Role.USER])

    with recorded_statements() as read:
        after = await asked(client, cast)

    assert len(read) == 2
    assert before["data"]["node"]["viewerCan"] != after["data"]["node"]["viewerCan"]
    async with browser() as elsewhere:
        elsewhere.cookies = client.cookies
        assert after == await asked(elsewhere, cast)


async def test_a_session_that_ended_elsewhere_is_nobodys(client: AsyncClient, cast: Cast):
    await asked_often(client, cast)
    await sessions.end(str(client.cookies["session"]))

    after = await asked(client, cast)

    async with browser() as nobody:
        assert after["data"] == (await asked(nobody, cast))["data"]
    assert after["data"]["viewer"] is None


async def test_where_the_plan_fails_it_is_found_out_who_asks_all_the_same(client: AsyncClient, cast: Cast):
    # No other test asks this one, whose plan stays broken.
    text = ASKED.replace("query(", "query Failing(")
    before = [await asked(client, cast, text) for _ in range(4)][-1]
    break_plans(engine, text)
    failed = await asked(client, cast, text)
    await sessions.end(str(client.cookies["session"]))

    after = await asked(client, cast, text)

    assert failed == before
    assert after["data"]["viewer"] is None


async def test_the_last_right_that_is_gone_ends_the_session(client: AsyncClient, cast: Cast):
    await asked_often(client, cast)
    await revoke(cast, await right_of_admin(cast))

    after = [await asked(client, cast) for _ in range(2)]

    assert [answer["data"]["viewer"] for answer in after] == [None, None]
    assert (await Session.get(user_id=cast.people["admin"].id)).ended_at is not None


async def test_nobody_acts_by_a_presumption(client: AsyncClient, cast: Cast):
    group = await rows.a_group(cast.organisation)
    await asked_often(client, cast)
    await revoke(cast, await right_of_admin(cast))

    told = await asked(client, cast, DELETING, group=global_id("Group", group.id))

    assert await Group.exists(id=group.id)
    assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_session_in_use_goes_on(client: AsyncClient, cast: Cast):
    await asked_often(client, cast)
    earlier = await rows.now() - timedelta(minutes=2)
    await Session.all().update(last_seen_at=earlier)

    await asked(client, cast)

    assert (await Session.get()).last_seen_at > earlier


async def test_the_budget_pays_once_for_what_is_answered_anew(
    client: AsyncClient, cast: Cast, shared_state: SharedState
):
    await asked_often(client, cast)
    session = await cached_session(str(client.cookies["session"]))
    await change(cast, await right_of_admin(cast), roles=[Role.USER])
    allowed = PERSON.objects_per_minute
    await shared_state.budget.spend(f"person:{cast.people['admin'].id}", allowed - 5, allowed)

    context = Context(NOBODY, "nl", REQUEST_ID, shared_state)
    context.use_cached_session(session)
    variables = {"id": global_id("Organisation", cast.organisation.id)}
    result = await schema.execute(ASKED, variable_values=variables, context_value=context)

    assert result.errors is None
    assert context.actor.standing != session.actor.standing


async def test_the_log_names_nobody_whose_session_has_ended(client: AsyncClient, cast: Cast):
    session = await cached_session(token := str(client.cookies["session"]))
    context = Context(NOBODY, "nl", REQUEST_ID)
    context.use_cached_session(session)
    context.log_actor()
    was_told = log_context()
    await sessions.end(token)

    await context.revalidate_actor()

    assert was_told == {"actor": f"person:{cast.people['admin'].id}"}
    assert (log_context(), context.actor) == ({}, NOBODY)


async def cached_session(token: str) -> CachedSession:
    cache, credentials = SessionCache(), Credentials(session=token)
    assert cache.get(credentials) is None
    await cache.authenticate(credentials)
    session = cache.get(credentials)
    assert session
    return session


async def test_a_bearer_token_presumes_nothing(client: AsyncClient):
    cache, token = SessionCache(), str(client.cookies["session"])
    await cache.authenticate(Credentials(session=token))

    assert cache.get(Credentials(bearer="of somebody else", session=token)) is None
