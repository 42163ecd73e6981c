"""The engine at work: nothing it keeps outlives what it depends on, and what goes wrong is answered all the same."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from graphql import parse
from joserfc import jwt
from joserfc.jwk import OctKey

from domain.actor import NOBODY, Actor
from domain.database import batching
from domain.database.connection import database
from domain.database.read_queries import read_pool
from domain.models import AccessRight, DocumentLevel, Role, WorkRelationPeriod
from domain.standing import Standing
from gql.reading.engine.engine import Engine
from gql.reading.engine.requests import EngineRequest
from gql.reading.ids import global_id
from gql.schema import schema
from settings import decoded_key, settings
from tests import rows
from tests.gql.execution import person
from tests.gql.reading.engine_execution import break_plans, execute, execute_compiled
from tests.time_travel import it_is

pytestmark = pytest.mark.usefixtures("database", "enabled_engine")

CONTRACTS = """query Contracts($id: ID!) {
  node(id: $id) { ... on Organisation { name contracts { edges { node { number groupLinks { group { name } } } } } } }
}"""
FILES = "query Files($id: ID!) { node(id: $id) { ... on Document { attachments { downloadUrl } } } }"
RELATION = "query Relation($id: ID!) { node(id: $id) { ... on WorkRelation { status right { active } } } }"


@pytest.fixture
async def user() -> Any:
    """A work relation of a USER whom a group opens one contract to."""
    organisation = await rows.an_organisation()
    relation = await rows.a_person_with_right(organisation)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_membership(group, relation)
    await rows.a_link(await rows.a_contract(organisation), group)
    return relation


def contracts_shown(data: Any) -> int | None:
    contracts = data["node"]["contracts"]
    return None if contracts is None else len(contracts["edges"])


async def test_a_document_is_compiled_when_it_is_seen_for_the_second_time(user: Any):
    asked = {"id": global_id("Organisation", user.organisation_id)}
    # One that no other test asks, in whichever order they come.
    document = CONTRACTS.replace("query Contracts", "query SecondSight")

    first = await execute(person(user.user_id), document, **asked)
    second = await execute(person(user.user_id), document, **asked)

    assert (first.fallback, second.fallback) == ("first sight", None)
    assert first.data == second.data
    assert contracts_shown(second.data) == 1


async def test_a_right_revoked_between_two_identical_requests_changes_the_second(user: Any):
    asked = {"id": global_id("Organisation", user.organisation_id)}
    before = await execute_compiled(person(user.user_id), CONTRACTS, **asked)

    closed = {"revoked_at": await rows.now(), "revocation_reason": "Andere functie"}
    await AccessRight.filter(work_relation_id=user.id).update(**closed)
    after = await execute_compiled(person(user.user_id), CONTRACTS, **asked)

    assert contracts_shown(before) == 1
    assert contracts_shown(after) is None


async def test_midnight_in_brussels_passes_between_two_executions_of_a_prepared_statement(user: Any):
    last_day = await it_is((await WorkRelationPeriod.get(work_relation_id=user.id)).valid_until)
    asked = {"id": global_id("WorkRelation", user.id)}
    before = await execute_compiled(person(user.user_id), RELATION, **asked)

    await it_is(last_day + timedelta(days=1))
    after = await execute_compiled(person(user.user_id), RELATION, **asked)

    assert before["node"] == {"status": "ACTIVE", "right": {"active": True}}
    assert after["node"] == {"status": "EXPIRED", "right": {"active": False}}


async def test_a_plan_that_fails_is_switched_off_and_the_answer_is_still_right(user: Any):
    engine, document = Engine(schema), parse(CONTRACTS)
    asked = EngineRequest(
        CONTRACTS,
        document,
        None,
        {"id": global_id("Organisation", user.organisation_id)},
        person(user.user_id),
        await Standing.of(person(user.user_id)),
        "nl",
    )
    await engine.read(read_pool(), asked)
    assert (await engine.read(read_pool(), asked)).fallback is None
    break_plans(engine, CONTRACTS)

    fallbacks = [(await engine.read(read_pool(), asked)).fallback for _ in range(4)]

    assert fallbacks == ["failed: DivisionByZeroError"] * 3 + ["switched off"]
    assert contracts_shown((await execute(asked.actor, CONTRACTS, **asked.variables or {})).data) == 1


async def test_people_who_ask_in_one_moment_are_each_answered_for_themselves(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(batching, "MAX_DURATION", 60.0)
    pool, people, numbers = read_pool(), [], []
    assert pool
    for _ in range(3):
        contract = await rows.a_contract()
        people.append(await rows.a_person_with_right(await contract.organisation, Role.ADMINISTRATOR))
        numbers.append(contract.number)

    async def asked(relation: Any) -> Any:
        told = await execute(
            person(relation.user_id), CONTRACTS, id=global_id("Organisation", relation.organisation_id)
        )
        return [edge["node"]["number"] for edge in told.data["node"]["contracts"]["edges"]]

    for relation in people:
        await asked(relation)
    before = pool.statements

    told = await asyncio.gather(*map(asked, people))

    assert told == [[number] for number in numbers]
    # What they may do, and what they see.
    assert pool.statements == before + 2


async def test_nobody_is_answered_by_the_ordinary_executor():
    told = await execute(NOBODY, "{ viewer { user { id } } }")

    assert (told.data, told.fallback) == ({"viewer": None}, "nobody signed in")


async def test_a_machine_client_is_answered_by_the_engine():
    contract = await rows.a_contract()
    machine = Actor(authority_id=contract.contracting_authority_id)

    data = await execute_compiled(machine, CONTRACTS, id=global_id("Organisation", contract.contracting_authority_id))

    assert contracts_shown(data) == 1


async def test_cancelled_requests_leave_no_connection_behind(user: Any):
    asked = {"id": global_id("Organisation", user.organisation_id)}
    await execute_compiled(person(user.user_id), CONTRACTS, **asked)
    blocking = await asyncpg.connect(str(settings().database_url))
    async with blocking.transaction():
        await blocking.execute("lock table contract in access exclusive mode")
        waiting = [asyncio.ensure_future(execute(person(user.user_id), CONTRACTS, **asked)) for _ in range(6)]
        await until_all_wait()
        for task in waiting:
            task.cancel()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
    await blocking.close()

    assert [type(end) for end in ended] == [asyncio.CancelledError] * 6
    pool = read_pool()
    assert pool
    assert pool.get_idle_size() == pool.get_size()
    assert contracts_shown(await execute_compiled(person(user.user_id), CONTRACTS, **asked)) == 1


async def until_all_wait() -> None:
    """Until every connection of the engine waits for the lock."""
    waiting = """select count(*) as all from pg_stat_activity where wait_event_type = 'Lock'
      and datname = current_database()"""
    pool = read_pool()
    assert pool
    while (await database().execute_query_dict(waiting))[0]["all"] < pool.get_max_size():  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.02)


async def test_an_address_of_a_file_is_made_for_the_one_who_asks():
    contract = await rows.a_contract()
    document = await rows.a_document(contract)
    attachment = await rows.an_attachment(document, arrived_at=await rows.now())
    await rows.an_attachment(document, storage_key="waiting")
    group = await rows.a_group(await contract.organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_link(contract, group)
    actors = [person((await rows.a_membership(group)).user_id), Actor(authority_id=contract.contracting_authority_id)]

    for actor in actors:
        data = await execute_compiled(actor, FILES, id=global_id("Document", document.id))
        there, waiting = [each["downloadUrl"] for each in data["node"]["attachments"]]
        claims = jwt.decode(there.rsplit("/", 1)[1], OctKey.import_key(decoded_key(settings().file_address_key))).claims
        assert (claims["attachment"], claims.get("user"), claims.get("authority")) == (
            attachment.id,
            actor.user_id,
            actor.authority_id,
        )
        assert waiting is None
