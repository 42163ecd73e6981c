"""How PostgreSQL executes the statements of the screens on a large data set, as EXPLAIN shows."""

from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import orjson
import pytest
from graphql import DocumentNode, parse, print_ast

from bench.graph.operations import ADMINISTRATOR, USER, operations
from bench.graph.seed import Size, fill
from domain.actor import Actor
from domain.database.read_only_pool import SERVER_SETTINGS
from domain.standing import Standing
from gql.reading import listings
from gql.reading.engine import opened_contracts
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.plan import Plan
from gql.reading.engine.plan_cache import PlanCache
from gql.reading.ids import global_id
from gql.schema import schema
from settings import settings
from tests.gql.reading.test_screens import FALLBACKS, operation, queries, variables
from tests.prepared import Prepared

SIZE = Size(organisations=100, users=40, groups=12, contracts=60)
LARGE = 1_000
"""Rows from which on a table is too large to be read whole, or to be sorted."""
ORGANISATION = 2
PAGE = 50
MANY, FAR = 5, 10
"""What is many, and what is far from where a page begins, among the contracts of one organisation."""
FIRST = """query First($id: ID!) {
  node(id: $id) { ... on Organisation { contracts(first: 3) { edges { node { id groupLinks { id } } } } } }
}"""
KEYS = {
    "User": "person",
    "Group": "access_group",
    "SelfRegistrationTask": "self_registration",
    "Task": "self_registration",
}

OF_CONTRACTS = {"action": "select min(a.id) from action a join contract c on c.id = a.contract_id"}


async def large() -> None:
    # It is analysed too, which is for the owner to do.
    connection = await asyncpg.connect(settings().owner_url)
    try:
        await fill(connection, SIZE)
    finally:
        await connection.close()


@pytest.fixture
async def connection(prepared: Prepared) -> AsyncIterator[Any]:
    """A connection to the large data set that plans as the engine's do."""
    async with prepared.opened("large", large):
        opened = await asyncpg.connect(str(settings().database_url), server_settings=SERVER_SETTINGS)
        yield opened
        await opened.close()


async def test_no_screen_reads_a_large_table_whole_or_sorts_one(connection: Any):
    tables = "select relname from pg_class where relkind = 'r' and reltuples >= $1"
    large_tables = {row["relname"] for row in await connection.fetch(tables, LARGE)}
    assert {"contract", "membership", "group_link", "person", "work_relation"} <= large_tables

    administrator = Actor(user_id=(ORGANISATION - 1) * SIZE.users + ADMINISTRATOR)
    standing = await Standing.of(administrator)
    faults = []
    for name, document in queries().items():
        if name not in FALLBACKS:
            given = await values(connection, document)
            plan, found = planned(name, document, given, standing)
            for node in nodes(await explained(connection, plan.statement, plan.parameters(standing, found))):
                whole = node["Node Type"] == "Seq Scan" and node["Relation Name"] in large_tables
                if whole and node["Actual Loops"]:
                    faults.append((name, "reads", node["Relation Name"], node.get("Filter")))
                if node["Node Type"] == "Sort" and node["Actual Rows"] >= LARGE:
                    faults.append((name, "sorts", node["Actual Rows"], node["Sort Key"]))

    assert faults == []


async def test_what_the_rows_of_a_page_refer_to_is_looked_up_at_once(connection: Any):
    standing = await Standing.of(Actor(user_id=(ORGANISATION - 1) * SIZE.users + ADMINISTRATOR))
    name, given = "FlatContracts", {"id": global_id("Organisation", ORGANISATION)}
    plan, found = planned(name, parse(operations()[name]), given, standing)

    scanned = list(nodes(await explained(connection, plan.statement, plan.parameters(standing, found))))

    page = [node for node in scanned if node.get("Relation Name") == "contract" and node["Actual Rows"] >= PAGE]
    looked_up = [node["Actual Loops"] for node in scanned if node.get("Relation Name") == "organisation"]
    assert page
    assert looked_up == [1, 1]


async def test_a_user_of_many_contracts_is_shown_a_page_without_a_look_at_all(
    connection: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(opened_contracts, "FEW_LINKS", MANY)
    monkeypatch.setattr(listings, "NEAR_ROWS", FAR)
    standing = await Standing.of(Actor(user_id=(ORGANISATION - 1) * SIZE.users + USER))
    plan, found = planned("First", parse(FIRST), {"id": global_id("Organisation", ORGANISATION)}, standing)

    scanned = list(nodes(await explained(connection, plan.statement, plan.parameters(standing, found))))

    (links,) = [
        node["Actual Rows"] for node in scanned if node.get("Subplan Name") == f"CTE {opened_contracts.CTE_NAME}"
    ]
    contracts = [
        node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        for node in scanned
        if node.get("Relation Name") == "contract" and node["Actual Loops"]
    ]
    assert links == MANY + 1
    assert sum(contracts) < SIZE.contracts // 2


async def values(connection: Any, document: DocumentNode) -> dict[str, Any]:
    """The variables of a screen: ids of rows of one organisation, and its number."""
    given = variables(document)
    for definition in operation(document).variable_definitions or ():
        kind, name = print_ast(definition.type).rstrip("!"), definition.variable.name.value
        if name not in given:
            continue
        if kind == "EnterpriseNumber":
            number = "select enterprise_number from organisation where id = $1"
            given[name] = await connection.fetchval(number, ORGANISATION)
        elif kind == "ID":
            given[name] = await some_id(connection, given[name])
    return given


async def some_id(connection: Any, given: str) -> str:
    """The id of a row of the organisation, of the type that an id has."""
    kind = b64decode(given).decode().partition(":")[0]
    table = KEYS.get(kind, "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in kind).lstrip("_"))
    if table == "person":
        found = await connection.fetchval(
            "select min(user_id) from work_relation where organisation_id = $1", ORGANISATION
        )
    elif table in OF_CONTRACTS:
        found = await connection.fetchval(f"{OF_CONTRACTS[table]} where c.organisation_id = $1", ORGANISATION)
    else:
        found = await connection.fetchval(f'select min(id) from "{table}" where organisation_id = $1', ORGANISATION)
    return global_id(kind, found or 1)


def planned(name: str, document: DocumentNode, given: dict[str, Any], standing: Standing) -> tuple[Plan, list[Any]]:
    plans, key = PlanCache(schema), (name, name, "nl")
    with pytest.raises(Fallback, match="first sight"):
        plans.find(key, document, given, standing)
    entry, found = plans.find(key, document, given, standing)
    return entry.plan, found


async def explained(connection: Any, statement: str, given: list[Any]) -> Any:
    """What PostgreSQL did."""
    literals = [await literal(connection, value) for value in given]
    told = f"({', '.join(literals)})" if literals else ""
    await connection.execute(f"prepare asked as {statement}")
    rows = await connection.fetchval(f"explain (analyze, timing off, format json) execute asked{told}")
    await connection.execute("deallocate asked")
    return orjson.loads(rows)[0]["Plan"]


async def literal(connection: Any, value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"'{{{', '.join(map(str, value))}}}'"
    return str(await connection.fetchval("select quote_literal($1::text)", str(value)))


def nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)
