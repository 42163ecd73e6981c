"""EXPLAIN of the statements of the screens on a large data set: no large table is scanned or sorted."""

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
from tests.prepared_databases import PreparedDatabases

SIZE = Size(organisations=100, users=40, groups=12, contracts=60)
LARGE = 1_000
"""The number of rows from which on a table may be neither scanned whole nor sorted."""
ORGANISATION = 2
PAGE = 50
FEW_LINKS, NEAR_ROWS = 5, 10
"""Thresholds that the contracts of one organisation exceed."""
FIRST = """query First($id: ID!) {
  node(id: $id) { ... on Organisation { contracts(first: 3) { edges { node { id groupLinks { id } } } } } }
}"""
TABLES = {
    "User": "person",
    "Group": "access_group",
    "SelfRegistrationTask": "self_registration",
    "Task": "self_registration",
}

FIRST_ID_BY_CONTRACT = {"action": "select min(a.id) from action a join contract c on c.id = a.contract_id"}


async def fill_large_database() -> None:
    # As the owner, who alone may analyse the tables.
    connection = await asyncpg.connect(settings().owner_url)
    try:
        await fill(connection, SIZE)
    finally:
        await connection.close()


@pytest.fixture
async def connection(prepared_databases: PreparedDatabases) -> AsyncIterator[Any]:
    """A connection to the large data set that plans as the engine's do."""
    async with prepared_databases.open("large", fill_large_database):
        connection = await asyncpg.connect(str(settings().database_url), server_settings=SERVER_SETTINGS)
        yield connection
        await connection.close()


async def test_no_screen_scans_a_large_table_whole_or_sorts_one(connection: Any):
    tables = "select relname from pg_class where relkind = 'r' and reltuples >= $1"
    large_tables = {row["relname"] for row in await connection.fetch(tables, LARGE)}
    assert {"contract", "membership", "group_link", "person", "work_relation"} <= large_tables

    administrator = Actor(user_id=(ORGANISATION - 1) * SIZE.users + ADMINISTRATOR)
    standing = await Standing.of(administrator)
    violations = []
    for name, document in queries().items():
        if name not in FALLBACKS:
            variables_of_screen = await values_of(connection, document)
            plan, plan_values = plan_of(name, document, variables_of_screen, standing)
            for node in nodes(await execution_plan(connection, plan.statement, plan.parameters(standing, plan_values))):
                is_scanned = node["Node Type"] == "Seq Scan" and node["Relation Name"] in large_tables
                if is_scanned and node["Actual Loops"]:
                    violations.append((name, "scans", node["Relation Name"], node.get("Filter")))
                if node["Node Type"] == "Sort" and node["Actual Rows"] >= LARGE:
                    violations.append((name, "sorts", node["Actual Rows"], node["Sort Key"]))

    assert violations == []


async def test_the_organisations_of_a_page_are_looked_up_in_one_loop(connection: Any):
    standing = await Standing.of(Actor(user_id=(ORGANISATION - 1) * SIZE.users + ADMINISTRATOR))
    name, variables_of_query = "FlatContracts", {"id": global_id("Organisation", ORGANISATION)}
    plan, plan_values = plan_of(name, parse(operations()[name]), variables_of_query, standing)

    plan_nodes = list(nodes(await execution_plan(connection, plan.statement, plan.parameters(standing, plan_values))))

    page = [node for node in plan_nodes if node.get("Relation Name") == "contract" and node["Actual Rows"] >= PAGE]
    loops = [node["Actual Loops"] for node in plan_nodes if node.get("Relation Name") == "organisation"]
    assert page
    assert loops == [1, 1]


async def test_a_page_of_a_user_with_many_contracts_does_not_read_them_all(
    connection: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(opened_contracts, "FEW_LINKS", FEW_LINKS)
    monkeypatch.setattr(listings, "NEAR_ROWS", NEAR_ROWS)
    standing = await Standing.of(Actor(user_id=(ORGANISATION - 1) * SIZE.users + USER))
    plan, plan_values = plan_of("First", parse(FIRST), {"id": global_id("Organisation", ORGANISATION)}, standing)

    plan_nodes = list(nodes(await execution_plan(connection, plan.statement, plan.parameters(standing, plan_values))))

    (links,) = [
        node["Actual Rows"] for node in plan_nodes if node.get("Subplan Name") == f"CTE {opened_contracts.CTE_NAME}"
    ]
    contracts_read = [
        node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        for node in plan_nodes
        if node.get("Relation Name") == "contract" and node["Actual Loops"]
    ]
    assert links == FEW_LINKS + 1
    assert sum(contracts_read) < SIZE.contracts // 2


async def values_of(connection: Any, document: DocumentNode) -> dict[str, Any]:
    """The variables of a screen: ids of rows of one organisation, and its enterprise number."""
    values = variables(document)
    for definition in operation(document).variable_definitions or ():
        kind, name = print_ast(definition.type).rstrip("!"), definition.variable.name.value
        if name not in values:
            continue
        if kind == "EnterpriseNumber":
            number = "select enterprise_number from organisation where id = $1"
            values[name] = await connection.fetchval(number, ORGANISATION)
        elif kind == "ID":
            values[name] = await id_in_organisation(connection, values[name])
    return values


async def id_in_organisation(connection: Any, example_id: str) -> str:
    """The id of a row of the organisation, of the type of the example."""
    kind = b64decode(example_id).decode().partition(":")[0]
    table = TABLES.get(
        kind, "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind).lstrip("_")
    )
    if table == "person":
        key = await connection.fetchval(
            "select min(user_id) from work_relation where organisation_id = $1", ORGANISATION
        )
    elif table in FIRST_ID_BY_CONTRACT:
        key = await connection.fetchval(f"{FIRST_ID_BY_CONTRACT[table]} where c.organisation_id = $1", ORGANISATION)
    else:
        key = await connection.fetchval(f'select min(id) from "{table}" where organisation_id = $1', ORGANISATION)
    return global_id(kind, key or 1)


def plan_of(name: str, document: DocumentNode, variables: dict[str, Any], standing: Standing) -> tuple[Plan, list[Any]]:
    plans, key = PlanCache(schema), (name, name, "nl")
    with pytest.raises(Fallback, match="first sight"):
        plans.find(key, document, variables, standing)
    entry, plan_values = plans.find(key, document, variables, standing)
    return entry.plan, plan_values


async def execution_plan(connection: Any, statement: str, parameters: list[Any]) -> Any:
    """PostgreSQL's plan of a statement, with what each node of it did."""
    literals = [await literal(connection, value) for value in parameters]
    arguments = f"({', '.join(literals)})" if literals else ""
    await connection.execute(f"prepare explained as {statement}")
    plan = await connection.fetchval(f"explain (analyze, timing off, format json) execute explained{arguments}")
    await connection.execute("deallocate explained")
    return orjson.loads(plan)[0]["Plan"]


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
