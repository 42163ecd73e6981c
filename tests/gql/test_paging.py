"""Every connection is read page by page, forwards and backwards."""

from random import Random
from typing import Any

import pytest

from domain.actor import Actor
from tests.gql.execution import read
from tests.gql.selections import connections
from tests.gql.sized_organisations import SizedOrganisation

ORDERS = [
    f"{{field: {field}, direction: {direction}}}"
    for field in ("PUBLISHED_AT", "TITLE", "OWN_REFERENCE", "NUMBER")
    for direction in ("ASC", "DESC")
]
PAGE = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {{ node(id: $id) {{
  ... on {owner} {{ {field}(first: $first, after: $after, last: $last, before: $before {arguments}) {{
    totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} edges {{ cursor node {{ {id} }} }}
  }} }} }} }}"""


class ConnectionReader:
    """Reads pages of one connection of a node, as one actor.

    Args:
        actor: The actor.
        node_id: The node.
        owner: The type of the node.
        field: The connection.
        arguments: Further arguments, as GraphQL.
    """

    def __init__(self, actor: Actor, node_id: str, owner: str, field: str, arguments: str = "") -> None:
        self.actor, self.node_id, self.field = actor, node_id, field
        identity = "user { id } contract { id }" if field in {"access", "contractAccess"} else "id"
        self.document = PAGE.format(owner=owner, field=field, arguments=arguments, id=identity)
        self.sizes = Random(f"{owner}.{field}{arguments}")  # noqa: S311  # the same sizes each time

    async def page(self, **arguments: Any) -> Any:
        data = await read(self.actor, self.document, id=self.node_id, **arguments)
        return data["node"][self.field]

    async def forward(self) -> list[Any]:
        """All rows from the first to the last; checks the page info of each page."""
        rows: list[Any] = []
        after, total = None, (await self.page())["totalCount"]
        while True:
            page = await self.page(first=self.sizes.randint(1, 25), after=after)
            rows += [edge["node"] for edge in page["edges"]]
            info, cursors = page["pageInfo"], [edge["cursor"] for edge in page["edges"]]
            assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
            assert (info["hasNextPage"], info["hasPreviousPage"]) == (len(rows) < total, after is not None)
            assert page["totalCount"] == total
            if not info["hasNextPage"]:
                return rows
            after = info["endCursor"]

    async def backward(self) -> list[Any]:
        """All rows, read from the last page to the first, in the order of the connection."""
        rows: list[Any] = []
        before, total = None, (await self.page())["totalCount"]
        while True:
            page = await self.page(last=self.sizes.randint(1, 25), before=before)
            rows[:0] = [edge["node"] for edge in page["edges"]]
            info = page["pageInfo"]
            assert (info["hasPreviousPage"], info["hasNextPage"]) == (len(rows) < total, before is not None)
            if not info["hasPreviousPage"]:
                return rows
            before = info["startCursor"]


def connection_reader(organisation: SizedOrganisation, owner: str, field: str, arguments: str = "") -> ConnectionReader:
    if field == "receivedDocuments":
        return ConnectionReader(organisation.machine, organisation.ids["Authority"], owner, field, arguments)
    if field == "contractAccess":
        arguments += f', organisationId: "{organisation.ids["Organisation"]}"'
        return ConnectionReader(organisation.viewer, organisation.ids["User"], owner, field, arguments)
    return ConnectionReader(organisation.viewer, organisation.ids[owner], owner, field, arguments)


@pytest.mark.parametrize(("owner", "field"), list(connections()))
async def test_pages_of_any_size_give_every_row_once_and_in_order(
    sized_organisations: list[SizedOrganisation], owner: str, field: str
):
    reader = connection_reader(sized_organisations[-1], owner, field)

    forward, backward = await reader.forward(), await reader.backward()

    assert forward == backward
    assert len({str(row) for row in forward}) == len(forward) == (await reader.page())["totalCount"]
    assert len(forward) >= 40


@pytest.mark.parametrize("order", ORDERS)
async def test_contracts_are_paged_in_every_order(sized_organisations: list[SizedOrganisation], order: str):
    """All have the same title, own reference and time of publication, so that only the key differs."""
    reader = connection_reader(sized_organisations[-1], "Organisation", "contracts", f", orderBy: {order}")

    forward, backward = await reader.forward(), await reader.backward()

    assert forward == backward
    assert len(forward) == 80


async def test_descending_is_the_reverse_of_ascending(sized_organisations: list[SizedOrganisation]):
    ascending, descending = [
        connection_reader(sized_organisations[-1], "Organisation", "contracts", f", orderBy: {order}")
        for order in ORDERS[2:4]
    ]

    assert await ascending.forward() == (await descending.forward())[::-1]


async def test_a_page_between_two_cursors_has_the_rows_between_them(sized_organisations: list[SizedOrganisation]):
    reader = connection_reader(sized_organisations[-1], "Organisation", "groups")
    edges = (await reader.page(first=10))["edges"]

    between = await reader.page(after=edges[1]["cursor"], before=edges[6]["cursor"])
    last_two = await reader.page(after=edges[1]["cursor"], before=edges[6]["cursor"], last=2)

    assert between["edges"] == edges[2:6]
    assert last_two["edges"] == edges[4:6]
    assert last_two["pageInfo"]["hasPreviousPage"]
    assert between["totalCount"] == 40


async def test_a_page_has_50_rows_by_default(sized_organisations: list[SizedOrganisation]):
    reader = connection_reader(sized_organisations[-1], "Organisation", "contracts")

    page = await reader.page()
    before = await reader.page(before=(await reader.page(last=1))["edges"][0]["cursor"])

    assert [len(page["edges"]), page["totalCount"]] == [50, 80]
    assert before["pageInfo"]["hasPreviousPage"]
    assert before["edges"] == (await reader.page(last=51))["edges"][:50]
