"""The orders of connections: never null, of a type that cursors support, and sorted by the database."""

from collections.abc import Iterator

import pytest

from domain.database.connection import database
from domain.models import Contract, Organisation
from domain.standing import Standing
from domain.statement_parameters import StatementParameters
from gql.reading.cursors import VALUE_PARSERS
from gql.reading.ids import from_global_id, global_id
from gql.reading.paging import Paging
from gql.reading.queries import SqlConnection
from gql.reading.relations import Connection
from gql.reading.sources import SOURCES, Source
from gql.reading.targets import target_of
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.visibility import seen
from tests.gql.declared_fields import declared_fields
from tests.gql.execution import read

SQL_TYPE_ALIASES = {"timestamp with time zone": "timestamptz"}
IN_ORDER = """query($ids: [ID!]!, $by: ContractOrder) { nodes(ids: $ids) { ... on Organisation {
  contracts(first: 100, orderBy: $by) { edges { node { id } } } } } }"""
COLUMNS = {
    "PUBLISHED_AT": "t.published_at",
    "TITLE": "lower(t.title)",
    "NUMBER": "lower(t.number)",
    "OWN_REFERENCE": "lower(coalesce(t.own_reference, ''))",
}


def pagings() -> Iterator[tuple[Source, Paging]]:
    """The target and the paging of every connection over the rows of a table."""
    for source in SOURCES.values():
        for field in declared_fields(source):
            if isinstance(field.resolution, Connection):
                yield target_of(field).source, field.resolution.paging


def test_every_order_has_a_type_that_cursors_support():
    fields = [field for source in SOURCES.values() for field in declared_fields(source)]
    pagings_of_connections = [
        field.resolution.paging for field in fields if isinstance(field.resolution, Connection | SqlConnection)
    ]

    sql_types = {order.sql_type for paging in pagings_of_connections for order in paging.orders.values()}
    assert sql_types <= VALUE_PARSERS.keys()
    assert all(paging.default[0] in paging.orders for paging in pagings_of_connections)


async def test_no_order_is_ever_null(a_random_world: RandomWorld):
    standings = [await Standing.of(actor) for actor in a_random_world.actors[::25]]
    for target, paging in pagings():
        for order in paging.orders.values():
            columns = f"{order.expression} is null as missing, pg_typeof({order.expression})::text as kind"
            text = f"select distinct {columns} from {target.table} t where {paging.condition or 'true'}"
            for standing in standings:
                values = StatementParameters()
                bound = values.bind_facts(text.replace("{row}", "t"), standing)
                [row] = await database().execute_query_dict(bound, values.values)
                assert (row["missing"], SQL_TYPE_ALIASES.get(row["kind"], row["kind"])) == (False, order.sql_type)


@pytest.mark.parametrize("field", COLUMNS)
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_contracts_are_in_the_requested_order(a_random_world: RandomWorld, field: str, direction: str):
    """For administrators, who read the own reference; ties are broken by key, in the same direction."""
    compared = 0
    for actor, viewer in a_random_world.viewers()[::5]:
        administered = [
            organisation.id
            for organisation in a_random_world.world.all(Organisation)
            if viewer.administers(organisation.id)
        ]
        ids = [global_id("Organisation", key) for key in administered]
        data = (
            await read(actor, IN_ORDER, ids=ids, by={"field": field, "direction": direction}) if ids else {"nodes": []}
        )
        for key, node in zip(administered, data["nodes"], strict=True):
            returned = [from_global_id(edge["node"]["id"]) for edge in node["contracts"]["edges"]]
            order = f"{COLUMNS[field]} {direction}, t.id {direction}"
            rows = await database().execute_query_dict(
                f"select t.id from contract t where t.organisation_id = $1 order by {order}", [key]
            )
            assert returned == [("Contract", row["id"]) for row in rows if row["id"] in seen(viewer, Contract)]
            compared += len(returned)
    assert compared > 30


async def test_the_authority_learns_nothing_from_the_order_by_own_reference(a_random_world: RandomWorld):
    """Ordered by what it may not read, its contracts are in the order of their keys."""
    for actor, viewer in a_random_world.viewers():
        if viewer.authority is not None:
            by = {"field": "OWN_REFERENCE", "direction": "ASC"}
            data = await read(actor, IN_ORDER, ids=[global_id("Organisation", viewer.authority)], by=by)
            returned = [edge["node"]["id"] for edge in data["nodes"][0]["contracts"]["edges"]]
            assert returned == [global_id("Contract", key) for key in sorted(seen(viewer, Contract))]
