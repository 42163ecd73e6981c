"""Objects by their global id: seen, or as if they weren't there."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from tortoise.models import Model

from domain.models import Contract, Role, Theme
from gql.reading.ids import from_global_id, global_id, key_of
from gql.reading.sources import SOURCES
from tests import rows
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.visibility import seen
from tests.gql.execution import execute_operation, machine, person, read

NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def spelt(text: str) -> str:
    return b64encode(text.encode()).decode()


RIGHT = spelt("Contract:7")
MALFORMED = {
    "empty": "",
    "a number": "7",
    "not in base64": "Contract:7",
    "without padding": RIGHT.rstrip("="),
    "with a line break": RIGHT[:4] + "\n" + RIGHT[4:],
    "with a space": f" {RIGHT}",
    "not ASCII": "Ünïcode",
    "not UTF-8": b64encode(b"Contract:\xff").decode(),
    "NUL": spelt("Contract:\0"),
    "no key": spelt("Contract:"),
    "no colon": spelt("Contract7"),
    "no type": spelt(":7"),
    "zero": spelt("Contract:0"),
    "negative": spelt("Contract:-7"),
    "signed": spelt("Contract:+7"),
    "leading zero": spelt("Contract:07"),
    "fraction": spelt("Contract:7.0"),
    "other digits": spelt("Contract:٧"),  # noqa: RUF001  # an Arabic seven
    "superscript": spelt("Contract:²"),
    "underscore": spelt("Contract:1_0"),
    "one too large": spelt(f"Contract:{2**63}"),
    "far too large": spelt(f"Contract:{'9' * 5000}"),
    "another spelling": spelt("contract:7"),
    "no such type": spelt("Tender:7"),
    "no node": spelt("Routing:1"),
    "no entity": spelt("Viewer:1"),
    "an interface": spelt("Task:1"),
    "of Python": spelt("__class__:1"),
}


@pytest.mark.parametrize("given", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_id_names_no_contract(given: str):
    assert key_of("Contract", given) is None


def test_an_id_is_the_name_of_its_type_and_the_key():
    assert (global_id("Contract", 7), from_global_id(RIGHT)) == (RIGHT, ("Contract", 7))
    assert (key_of("Contract", RIGHT), key_of("Group", RIGHT)) == (7, None)
    assert key_of("Contract", spelt(f"Contract:{2**63 - 1}")) == 2**63 - 1


@pytest.mark.usefixtures("database")
async def test_malformed_and_missing_ids_are_null():
    asker = person(await rows.a_user())
    ids = [*MALFORMED.values(), *(global_id(name, 2**62) for name in SOURCES)]

    assert await read(asker, NODES, ids=ids) == {"nodes": [None] * len(ids)}
    assert [await read(asker, NODE, id=each) for each in ids[:3]] == [{"node": None}] * 3


async def test_every_node_is_found_by_whoever_sees_it_and_nobody_else(a_random_world: RandomWorld):
    tables: list[tuple[str, type[Model]]] = [
        (source.name, source.model) for source in SOURCES.values() if source.model and source.is_node
    ]
    for actor, viewer in a_random_world.viewers()[::9]:
        for name, model in tables:
            keys = [row.pk for row in a_random_world.world.all(model)][-100:]
            answer = await execute_operation(actor, NODES, ids=[global_id(name, key) for key in keys])
            if not viewer.signed_in:
                assert answer.codes == ["UNAUTHENTICATED"]
                continue
            visible = seen(viewer, model)
            found = [{"__typename": name, "id": global_id(name, key)} if key in visible else None for key in keys]
            assert answer.data == {"nodes": found}, (actor, name)


@pytest.mark.usefixtures("database")
async def test_an_ended_link_tells_when_it_ended_and_one_that_stands_tells_null():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    group, contract = await rows.a_group(organisation), await rows.a_contract(organisation)
    ended, standing = [await rows.a_link(contract, group, ended_at=at) for at in (LATER, None)]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on GroupLink { endedAt } } }"

    data = await read(
        person(administrator.user_id),
        document,
        ids=[global_id("GroupLink", ended.id), global_id("GroupLink", standing.id)],
    )

    assert data == {"nodes": [{"endedAt": "2100-01-01T00:00:00+00:00"}, {"endedAt": None}]}


@pytest.mark.usefixtures("database")
async def test_nodes_come_in_the_order_of_their_ids_as_often_as_they_are_named():
    authority = await rows.an_authority()
    contracts = [await rows.a_contract(contracting_authority=authority) for _ in range(3)]
    foreign = await rows.a_contract()
    asked = [contracts[2], contracts[0], foreign, contracts[2]]

    data = await read(machine(authority), NODES, ids=[global_id("Contract", each.id) for each in asked])

    told = [node and from_global_id(node["id"]) for node in data["nodes"]]
    assert told == [("Contract", contracts[2].id), ("Contract", contracts[0].id), None, ("Contract", contracts[2].id)]


@pytest.mark.usefixtures("database")
async def test_at_most_a_hundred_nodes_are_asked_for_at_once():
    asker, theme = person(await rows.a_user()), global_id("Theme", (await Theme.get(code="SAFETY")).id)

    data = await read(asker, NODES, ids=[theme] * 100)
    answer = await execute_operation(asker, NODES, ids=[theme] * 101)

    assert [node["id"] for node in data["nodes"]] == [theme] * 100
    assert answer.codes == ["BAD_INPUT"]
    assert "101 were given" in answer.errors[0]["message"]
    assert await Contract.all().count() == 0
