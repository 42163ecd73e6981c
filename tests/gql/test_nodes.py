"""`node` and `nodes` return what the viewer may see; missing and forbidden objects are null."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from tortoise.models import Model

from domain.models import Role, Theme
from gql.reading.ids import from_global_id, global_id, key_of
from gql.reading.sources import SOURCES
from tests import rows
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.visibility import seen
from tests.gql.execution import execute_operation, machine, person, read

NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


CONTRACT_ID = encoded("Contract:7")
MALFORMED = {
    "empty": "",
    "a number": "7",
    "not in base64": "Contract:7",
    "without padding": CONTRACT_ID.rstrip("="),
    "with a line break": CONTRACT_ID[:4] + "\n" + CONTRACT_ID[4:],
    "with a space": f" {CONTRACT_ID}",
    "not ASCII": "Ünïcode",
    "not UTF-8": b64encode(b"Contract:\xff").decode(),
    "NUL": encoded("Contract:\0"),
    "no key": encoded("Contract:"),
    "no colon": encoded("Contract7"),
    "no type": encoded(":7"),
    "zero": encoded("Contract:0"),
    "negative": encoded("Contract:-7"),
    "signed": encoded("Contract:+7"),
    "leading zero": encoded("Contract:07"),
    "fraction": encoded("Contract:7.0"),
    "other digits": encoded("Contract:٧"),  # noqa: RUF001  # an Arabic seven
    "superscript": encoded("Contract:²"),
    "underscore": encoded("Contract:1_0"),
    "one too large": encoded(f"Contract:{2**63}"),
    "far too large": encoded(f"Contract:{'9' * 5000}"),
    "another spelling": encoded("contract:7"),
    "no such type": encoded("Tender:7"),
    "no node": encoded("Routing:1"),
    "no entity": encoded("Viewer:1"),
    "an interface": encoded("Task:1"),
    "of Python": encoded("__class__:1"),
}


@pytest.mark.parametrize("malformed_id", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_id_has_no_key(malformed_id: str):
    assert key_of("Contract", malformed_id) is None


def test_an_id_consists_of_the_name_of_its_type_and_the_key():
    assert (global_id("Contract", 7), from_global_id(CONTRACT_ID)) == (CONTRACT_ID, ("Contract", 7))
    assert (key_of("Contract", CONTRACT_ID), key_of("Group", CONTRACT_ID)) == (7, None)
    assert key_of("Contract", encoded(f"Contract:{2**63 - 1}")) == 2**63 - 1


@pytest.mark.usefixtures("database")
async def test_malformed_and_missing_ids_are_null():
    viewer = person(await rows.a_user())
    ids = [*MALFORMED.values(), *(global_id(name, 2**62) for name in SOURCES)]

    assert await read(viewer, NODES, ids=ids) == {"nodes": [None] * len(ids)}
    assert [await read(viewer, NODE, id=node_id) for node_id in ids[:3]] == [{"node": None}] * 3


async def test_a_node_is_returned_to_exactly_the_viewers_who_may_see_it(a_random_world: RandomWorld):
    tables: list[tuple[str, type[Model]]] = [
        (source.name, source.model) for source in SOURCES.values() if source.model and source.is_node
    ]
    for actor, viewer in a_random_world.viewers()[::9]:
        for name, model in tables:
            keys = [row.pk for row in a_random_world.world.all(model)][-100:]
            result = await execute_operation(actor, NODES, ids=[global_id(name, key) for key in keys])
            if not viewer.signed_in:
                assert result.codes == ["UNAUTHENTICATED"]
                continue
            visible = seen(viewer, model)
            expected = [{"__typename": name, "id": global_id(name, key)} if key in visible else None for key in keys]
            assert result.data == {"nodes": expected}, (actor, name)


@pytest.mark.usefixtures("database")
async def test_ended_at_is_null_for_a_link_that_has_not_ended():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    group, contract = await rows.a_group(organisation), await rows.a_contract(organisation)
    ended_link, open_link = [await rows.a_link(contract, group, ended_at=at) for at in (LATER, None)]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on GroupLink { endedAt } } }"

    data = await read(
        person(administrator.user_id),
        document,
        ids=[global_id("GroupLink", ended_link.id), global_id("GroupLink", open_link.id)],
    )

    assert data == {"nodes": [{"endedAt": "2100-01-01T00:00:00+00:00"}, {"endedAt": None}]}


@pytest.mark.usefixtures("database")
async def test_nodes_are_in_the_order_of_their_ids_with_repetitions():
    authority = await rows.an_authority()
    contracts = [await rows.a_contract(contracting_authority=authority) for _ in range(3)]
    foreign = await rows.a_contract()
    requested = [contracts[2], contracts[0], foreign, contracts[2]]

    data = await read(machine(authority), NODES, ids=[global_id("Contract", contract.id) for contract in requested])

    returned = [node and from_global_id(node["id"]) for node in data["nodes"]]
    assert returned == [
        ("Contract", contracts[2].id),
        ("Contract", contracts[0].id),
        None,
        ("Contract", contracts[2].id),
    ]


@pytest.mark.usefixtures("database")
async def test_nodes_accepts_at_most_a_hundred_ids():
    viewer, theme = person(await rows.a_user()), global_id("Theme", (await Theme.get(code="SAFETY")).id)

    data = await read(viewer, NODES, ids=[theme] * 100)
    result = await execute_operation(viewer, NODES, ids=[theme] * 101)

    assert [node["id"] for node in data["nodes"]] == [theme] * 100
    assert result.codes == ["BAD_INPUT"]
    assert "101 were given" in result.errors[0]["message"]
