"""The engine: what it caches is never outdated, and when it fails the ordinary executor answers."""

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
from tests.time_travel import travel_to

pytestmark = pytest.mark.usefixtures("database", "enabled_engine")

CONTRACTS = """query Contracts($id: ID!) {
  node(id: $id) { ... on Organisation { name contracts { edges { node { number groupLinks { group { name } } } } } } }
}"""
FILES = "query Files($id: ID!) { node(id: $id) { ... on Document { attachments { downloadUrl } } } }"
RELATION = "query Relation($id: ID!) { node(id: $id) { ... on WorkRelation { status right { active } } } }"


@pytest.fixture
async def user() -> Any:
    """The work relation of a USER whom a group gives one contract."""
    organisation = await rows.an_organisation()
    relation = await rows.a_person_with_right(organisation)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_membership(group, relation)
    await rows.a_link(await rows.a_contract(organisation), group)
    return relation


def contract_count(data: Any) -> int | None:
    contracts = data["node"]["contracts"]
    return None if contracts is None else len(contracts["edges"])


async def test_a_document_is_compiled_at_its_second_request(user: Any):
    variables = {"id": global_id("Organisation", user.organisation_id)}
    # A document of this test alone: the plans are shared by all tests of the process.
    document = CONTRACTS.replace("query Contracts", "query SecondSight")

    first = await execute(person(user.user_id), document, **variables)
    second = await execute(person(user.user_id), document, **variables)

    assert (first.fallback, second.fallback) == ("first sight", None)
    assert first.data == second.data
    assert contract_count(second.data) == 1


async def test_a_right_revoked_between_two_equal_requests_changes_the_second(user: Any):
    variables = {"id": global_id("Organisation", user.organisation_id)}
    before = await execute_compiled(person(user.user_id), CONTRACTS, **variables)

    revocation = {"revoked_at": await rows.now(), "revocation_reason": "Andere functie"}
    await AccessRight.filter(work_relation_id=user.id).update(**revocation)
    after = await execute_compiled(person(user.user_id), CONTRACTS, **variables)

    assert contract_count(before) == 1
    assert contract_count(after) is None


async def test_a_prepared_statement_notices_that_midnight_in_brussels_has_passed(user: Any):
    last_day = await travel_to((await WorkRelationPeriod.get(work_relation_id=user.id)).valid_until)
    variables = {"id": global_id("WorkRelation", user.id)}
    before = await execute_compiled(person(user.user_id), RELATION, **variables)

    await travel_to(last_day + timedelta(days=1))
    after = await execute_compiled(person(user.user_id), RELATION, **variables)

    assert before["node"] == {"status": "ACTIVE", "right": {"active": True}}
    assert after["node"] == {"status": "EXPIRED", "right": {"active": False}}


async def test_a_plan_that_keeps_failing_is_disabled_and_the_executor_answers(user: Any):
    engine, document = Engine(schema), parse(CONTRACTS)
    request = EngineRequest(
        CONTRACTS,
        document,
        None,
        {"id": global_id("Organisation", user.organisation_id)},
        person(user.user_id),
        await Standing.of(person(user.user_id)),
        "nl",
    )
    await engine.read(read_pool(), request)
    assert (await engine.read(read_pool(), request)).fallback is None
    break_plans(engine, CONTRACTS)

    fallbacks = [(await engine.read(read_pool(), request)).fallback for _ in range(4)]

    assert fallbacks == ["failed: DivisionByZeroError"] * 3 + ["switched off"]
    assert contract_count((await execute(request.actor, CONTRACTS, **request.variables or {})).data) == 1


async def test_concurrent_requests_of_several_viewers_are_batched_and_each_gets_its_own_data(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(batching, "MAX_DURATION", 60.0)
    pool, people, numbers = read_pool(), [], []
    assert pool
    for _ in range(3):
        contract = await rows.a_contract()
        people.append(await rows.a_person_with_right(await contract.organisation, Role.ADMINISTRATOR))
        numbers.append(contract.number)

    async def contract_numbers(relation: Any) -> Any:
        execution = await execute(
            person(relation.user_id), CONTRACTS, id=global_id("Organisation", relation.organisation_id)
        )
        return [edge["node"]["number"] for edge in execution.data["node"]["contracts"]["edges"]]

    for relation in people:
        await contract_numbers(relation)
    before = pool.statements

    responses = await asyncio.gather(*map(contract_numbers, people))

    assert responses == [[number] for number in numbers]
    # One for the facts about the viewers, and one for the data.
    assert pool.statements == before + 2


async def test_an_anonymous_request_is_left_to_the_executor():
    execution = await execute(NOBODY, "{ viewer { user { id } } }")

    assert (execution.data, execution.fallback) == ({"viewer": None}, "nobody signed in")


async def test_a_machine_client_is_answered_by_the_engine():
    contract = await rows.a_contract()
    machine = Actor(authority_id=contract.contracting_authority_id)

    data = await execute_compiled(machine, CONTRACTS, id=global_id("Organisation", contract.contracting_authority_id))

    assert contract_count(data) == 1


async def test_cancelled_requests_return_their_connections(user: Any):
    variables = {"id": global_id("Organisation", user.organisation_id)}
    await execute_compiled(person(user.user_id), CONTRACTS, **variables)
    blocking = await asyncpg.connect(str(settings().database_url))
    async with blocking.transaction():
        await blocking.execute("lock table contract in access exclusive mode")
        requests = [asyncio.ensure_future(execute(person(user.user_id), CONTRACTS, **variables)) for _ in range(6)]
        await wait_until_all_connections_are_blocked()
        for task in requests:
            task.cancel()
        results = await asyncio.gather(*requests, return_exceptions=True)
    await blocking.close()

    assert [type(result) for result in results] == [asyncio.CancelledError] * 6
    pool = read_pool()
    assert pool
    assert pool.get_idle_size() == pool.get_size()
    assert contract_count(await execute_compiled(person(user.user_id), CONTRACTS, **variables)) == 1


async def wait_until_all_connections_are_blocked() -> None:
    """Waits until every connection of the engine waits for the lock."""
    blocked = """select count(*) as all from pg_stat_activity where wait_event_type = 'Lock'
      and datname = current_database()"""
    pool = read_pool()
    assert pool
    while (await database().execute_query_dict(blocked))[0]["all"] < pool.get_max_size():  # noqa: ASYNC110  # nothing signals it
        await asyncio.sleep(0.02)


async def test_a_download_url_is_signed_for_the_viewer():
    contract = await rows.a_contract()
    document = await rows.a_document(contract)
    attachment = await rows.an_attachment(document, arrived_at=await rows.now())
    await rows.an_attachment(document, storage_key="waiting")
    group = await rows.a_group(await contract.organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_link(contract, group)
    actors = [person((await rows.a_membership(group)).user_id), Actor(authority_id=contract.contracting_authority_id)]

    for actor in actors:
        data = await execute_compiled(actor, FILES, id=global_id("Document", document.id))
        download_url, pending_url = [file["downloadUrl"] for file in data["node"]["attachments"]]
        claims = jwt.decode(
            download_url.rsplit("/", 1)[1], OctKey.import_key(decoded_key(settings().file_address_key))
        ).claims
        assert (claims["attachment"], claims.get("user"), claims.get("authority")) == (
            attachment.id,
            actor.user_id,
            actor.authority_id,
        )
        assert pending_url is None
