"""Every connection, page by page."""

from random import Random
from typing import Any

import pytest

from domain.actor import Actor
from tests.gql.execution import read
from tests.gql.selections import connections
from tests.gql.sized_organisations import SizedOrganisation

ORDERS = [
    f"{{field: {field}, direction: {way}}}"
    for field in ("PUBLISHED_AT", "TITLE", "OWN_REFERENCE", "NUMBER")
    for way in ("ASC", "DESC")
]
PAGE = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {{ node(id: $id) {{
  ... on {owner} {{ {field}(first: $first, after: $after, last: $last, before: $before {more}) {{
    totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} edges {{ cursor node {{ {id} }} }}
  }} }} }} }}"""


class Walk:
    """Pages of one connection, by one actor."""

    def __init__(self, actor: Actor, node: str, owner: str, field: str, more: str = "") -> None:
        self.actor, self.node, self.field = actor, node, field
        identity = "user { id } contract { id }" if field in {"access", "contractAccess"} else "id"
        self.document = PAGE.format(owner=owner, field=field, more=more, id=identity)
        self.sizes = Random(f"{owner}.{field}{more}")  # noqa: S311  # the same sizes each time

    async def page(self, **arguments: Any) -> Any:
        data = await read(self.actor, self.document, id=self.node, **arguments)
        return data["node"][self.field]

    async def forward(self) -> list[Any]:
        """All rows from the first on; each page says rightly whether there is more."""
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
        """All rows from the last on, in the connection's own order."""
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


def asked(sized: SizedOrganisation, owner: str, field: str, more: str = "") -> Walk:
    if field == "receivedDocuments":
        return Walk(sized.machine, sized.ids["Authority"], owner, field, more)
    if field == "contractAccess":
        more += f', organisationId: "{sized.ids["Organisation"]}"'
        return Walk(sized.viewer, sized.ids["User"], owner, field, more)
    return Walk(sized.viewer, sized.ids[owner], owner, field, more)


@pytest.mark.parametrize(("owner", "field"), list(connections()))
async def test_pages_of_any_size_give_every_row_once_and_in_order(
    sized_organisations: list[SizedOrganisation], owner: str, field: str
):
    walk = asked(sized_organisations[-1], owner, field)

    forward, backward = await walk.forward(), await walk.backward()

    assert forward == backward
    assert len({str(row) for row in forward}) == len(forward) == (await walk.page())["totalCount"]
    assert len(forward) >= 40


@pytest.mark.parametrize("order", ORDERS)
async def test_contracts_are_paged_in_every_order(sized_organisations: list[SizedOrganisation], order: str):
    """All of them have the same title, own reference and moment, so that only the key tells them apart."""
    walk = asked(sized_organisations[-1], "Organisation", "contracts", f", orderBy: {order}")

    forward, backward = await walk.forward(), await walk.backward()

    assert forward == backward
    assert len(forward) == 80


async def test_the_other_way_round_is_the_same_order_reversed(sized_organisations: list[SizedOrganisation]):
    up, down = [
        asked(sized_organisations[-1], "Organisation", "contracts", f", orderBy: {order}") for order in ORDERS[2:4]
    ]

    assert await up.forward() == (await down.forward())[::-1]


async def test_between_two_cursors_lies_what_comes_after_one_and_before_the_other(
    sized_organisations: list[SizedOrganisation],
):
    walk = asked(sized_organisations[-1], "Organisation", "groups")
    edges = (await walk.page(first=10))["edges"]

    between = await walk.page(after=edges[1]["cursor"], before=edges[6]["cursor"])
    last_two = await walk.page(after=edges[1]["cursor"], before=edges[6]["cursor"], last=2)

    assert between["edges"] == edges[2:6]
    assert last_two["edges"] == edges[4:6]
    assert last_two["pageInfo"]["hasPreviousPage"]
    assert between["totalCount"] == 40


async def test_a_page_holds_50_rows_when_no_size_is_given(sized_organisations: list[SizedOrganisation]):
    walk = asked(sized_organisations[-1], "Organisation", "contracts")

    page = await walk.page()
    before = await walk.page(before=(await walk.page(last=1))["edges"][0]["cursor"])

    assert [len(page["edges"]), page["totalCount"]] == [50, 80]
    assert before["pageInfo"]["hasPreviousPage"]
    assert before["edges"] == (await walk.page(last=51))["edges"][:50]
