"""What connections are ordered by: never null, of the type that cursors carry, and in the database's own order."""

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

SPELT = {"timestamp with time zone": "timestamptz"}
IN_ORDER = """query($ids: [ID!]!, $by: ContractOrder) { nodes(ids: $ids) { ... on Organisation {
  contracts(first: 100, orderBy: $by) { edges { node { id } } } } } }"""
COLUMNS = {
    "PUBLISHED_AT": "t.published_at",
    "TITLE": "lower(t.title)",
    "NUMBER": "lower(t.number)",
    "OWN_REFERENCE": "lower(coalesce(t.own_reference, ''))",
}


def pagings() -> Iterator[tuple[Source, Paging]]:
    """Every connection over rows of a table, as what it lists and how."""
    for source in SOURCES.values():
        for field in declared_fields(source):
            if isinstance(field.resolution, Connection):
                yield target_of(field).source, field.resolution.paging


def test_a_cursor_can_carry_every_order():
    fields = [field for source in SOURCES.values() for field in declared_fields(source)]
    listed = [field.resolution.paging for field in fields if isinstance(field.resolution, Connection | SqlConnection)]

    assert {order.sql_type for paging in listed for order in paging.orders.values()} <= VALUE_PARSERS.keys()
    assert all(paging.default[0] in paging.orders for paging in listed)


async def test_no_order_is_ever_null(a_random_world: RandomWorld):
    standings = [await Standing.of(actor) for actor in a_random_world.actors[::25]]
    for target, paging in pagings():
        for order in paging.orders.values():
            told = f"{order.expression} is null as missing, pg_typeof({order.expression})::text as kind"
            text = f"select distinct {told} from {target.table} t where {paging.condition or 'true'}"
            for standing in standings:
                values = StatementParameters()
                bound = values.bind_facts(text.replace("{row}", "t"), standing)
                [found] = await database().execute_query_dict(bound, values.values)
                assert (found["missing"], SPELT.get(found["kind"], found["kind"])) == (False, order.sql_type)


@pytest.mark.parametrize("field", COLUMNS)
@pytest.mark.parametrize("way", ["ASC", "DESC"])
async def test_contracts_come_in_the_order_that_is_asked_for(a_random_world: RandomWorld, field: str, way: str):
    """For administrators, who read the own reference; the key breaks ties the same way."""
    compared = 0
    for actor, viewer in a_random_world.viewers()[::5]:
        administered = [each.id for each in a_random_world.world.all(Organisation) if viewer.administers(each.id)]
        ids = [global_id("Organisation", key) for key in administered]
        data = await read(actor, IN_ORDER, ids=ids, by={"field": field, "direction": way}) if ids else {"nodes": []}
        for key, node in zip(administered, data["nodes"], strict=True):
            told = [from_global_id(edge["node"]["id"]) for edge in node["contracts"]["edges"]]
            rows = await database().execute_query_dict(
                f"select t.id from contract t where t.organisation_id = $1 order by {COLUMNS[field]} {way}, t.id {way}",
                [key],
            )
            assert told == [("Contract", row["id"]) for row in rows if row["id"] in seen(viewer, Contract)]
            compared += len(told)
    assert compared > 30


async def test_the_authority_does_not_learn_own_references_from_an_order(a_random_world: RandomWorld):
    """Ordered by what it may not read, its contracts come in the order of their keys."""
    for actor, viewer in a_random_world.viewers():
        if viewer.authority is not None:
            by = {"field": "OWN_REFERENCE", "direction": "ASC"}
            data = await read(actor, IN_ORDER, ids=[global_id("Organisation", viewer.authority)], by=by)
            told = [edge["node"]["id"] for edge in data["nodes"][0]["contracts"]["edges"]]
            assert told == [global_id("Contract", key) for key in sorted(seen(viewer, Contract))]
