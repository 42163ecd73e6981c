"""Invalid page arguments are refused as BAD_INPUT, never reported as an internal error."""

from base64 import b64decode, b64encode
from typing import Any

import orjson
import pytest

from tests.gql.execution import execute_operation
from tests.gql.sized_organisations import SizedOrganisation

CONTRACTS = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) { ... on Organisation { contracts(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor } } } } }"""
OTHER_ORDER = """query($id: ID!, $after: String) { node(id: $id) { ... on Organisation {
  contracts(after: $after, orderBy: {field: NUMBER, direction: ASC}) { edges { cursor } } } } }"""
GROUPS = (
    "query($id: ID!, $after: String) { node(id: $id) { ... on Organisation { groups(after: $after) { totalCount } } } }"
)
EXPIRING = """query($id: ID!, $after: String, $days: Int!) { node(id: $id) { ... on Organisation {
  expiringRights(after: $after, withinDays: $days) { totalCount } } } }"""
RECEIVED = """query($id: ID!, $after: String) { node(id: $id) { ... on Organisation {
  receivedDocuments(after: $after) { totalCount } } } }"""


def cursor_of(*parts: Any) -> str:
    """A cursor with these parts: the order, the value and the key."""
    return b64encode(orjson.dumps(parts)).decode()


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ({"first": 0}, "`first`: a page has 1 to 100 rows; 0 were asked for."),
        ({"first": 101}, "`first`: a page has 1 to 100 rows; 101 were asked for."),
        ({"first": -1}, "`first`: a page has 1 to 100 rows; -1 were asked for."),
        ({"last": 0}, "`last`: a page has 1 to 100 rows; 0 were asked for."),
        ({"last": 101}, "`last`: a page has 1 to 100 rows; 101 were asked for."),
        ({"last": -1}, "`last`: a page has 1 to 100 rows; -1 were asked for."),
        ({"first": 1, "last": 1}, "Give `first` or `last`, not both."),
        ({"first": 2**31 - 1}, "`first`: a page has 1 to 100 rows; 2,147,483,647 were asked for."),
    ],
)
async def test_a_page_size_out_of_range_is_refused(
    sized_organisations: list[SizedOrganisation], page: dict[str, Any], message: str
):
    result = await execute_operation(
        sized_organisations[1].viewer, CONTRACTS, id=sized_organisations[1].ids["Organisation"], **page
    )

    assert result.codes == ["BAD_INPUT"]
    assert result.errors[0]["message"] == message


MOMENT = "2026-01-01 10:00:00+00"
FORGED = {
    "empty": "",
    "no base64": "???",
    "not ASCII": "é",
    "no JSON": b64encode(b"[1,").decode(),
    "no UTF-8": b64encode(b'["\xff"]').decode(),
    "no list": b64encode(b"7").decode(),
    "an object": b64encode(b'{"a": 1, "b": 2, "c": 3}').decode(),
    "too short": cursor_of("PUBLISHED_AT", MOMENT),
    "too long": cursor_of("PUBLISHED_AT", MOMENT, 1, 1),
    "another order": cursor_of("NUMBER", "mow/1", 1),
    "no order": cursor_of("DROP TABLE contract", MOMENT, 1),
    "order of another type": cursor_of(1, MOMENT, 1),
    "value a number": cursor_of("PUBLISHED_AT", 1, 1),
    "value null": cursor_of("PUBLISHED_AT", None, 1),
    "value a list": cursor_of("PUBLISHED_AT", [MOMENT], 1),
    "no moment": cursor_of("PUBLISHED_AT", "rubbish", 1),
    "no such day": cursor_of("PUBLISHED_AT", "2026-02-30 10:00:00+00", 1),
    "no such year": cursor_of("PUBLISHED_AT", "294277-01-01 00:00:00+00", 1),
    "NUL": cursor_of("PUBLISHED_AT", "2026\0", 1),
    "key a text": cursor_of("PUBLISHED_AT", MOMENT, "1"),
    "key a truth": cursor_of("PUBLISHED_AT", MOMENT, True),  # noqa: FBT003  # what JSON calls true
    "key a fraction": cursor_of("PUBLISHED_AT", MOMENT, 1.5),
    "key nothing": cursor_of("PUBLISHED_AT", MOMENT, 0),
    "key negative": cursor_of("PUBLISHED_AT", MOMENT, -1),
    "key too large": cursor_of("PUBLISHED_AT", MOMENT, 2**63),
    "key far too large": b64encode(b'["PUBLISHED_AT", "2026-01-01", 1' + b"0" * 5000 + b"]").decode(),
    "deep": b64encode(b"[" * 5000 + b"]" * 5000).decode(),
}


@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize("argument", ["after", "before"])
async def test_a_forged_cursor_is_refused(sized_organisations: list[SizedOrganisation], cursor: str, argument: str):
    result = await execute_operation(
        sized_organisations[1].viewer, CONTRACTS, id=sized_organisations[1].ids["Organisation"], **{argument: cursor}
    )

    assert result.codes == ["BAD_INPUT"]
    message = f"`{argument}` is not a cursor of this connection in this order. Give one that it gave."
    assert result.errors[0]["message"] == message
    assert result.data["node"]["contracts"] is None


async def test_a_cursor_of_another_order_is_refused(sized_organisations: list[SizedOrganisation]):
    organisation = {"id": sized_organisations[1].ids["Organisation"]}
    result = await execute_operation(sized_organisations[1].viewer, CONTRACTS, **organisation)
    cursor = result.data["node"]["contracts"]["edges"][0]["cursor"]

    refused = await execute_operation(sized_organisations[1].viewer, OTHER_ORDER, after=cursor, **organisation)

    assert refused.codes == ["BAD_INPUT"]


@pytest.mark.parametrize(
    ("order", "document", "value"),
    [
        ("NAME", GROUPS, "\0"),
        ("LAST_DAY", EXPIRING, "2026-13-01"),
        ("LAST_DAY", EXPIRING, "infinity"),
        ("SENT_POSITION", RECEIVED, "one"),
        ("SENT_POSITION", RECEIVED, "9223372036854775808"),
        ("SENT_POSITION", RECEIVED, "9" * 5000),
    ],
)
async def test_a_cursor_with_an_impossible_value_is_refused(
    sized_organisations: list[SizedOrganisation], order: str, document: str, value: str
):
    by_authority = document is RECEIVED
    actor, owner = (
        (sized_organisations[1].machine, "Authority")
        if by_authority
        else (sized_organisations[1].viewer, "Organisation")
    )
    variables: dict[str, Any] = {"id": sized_organisations[1].ids[owner], "after": cursor_of(order, value, 1)}
    variables |= {"days": 30} if document is EXPIRING else {}

    result = await execute_operation(actor, document, **variables)

    assert result.codes == ["BAD_INPUT"]


@pytest.mark.parametrize(("days", "total"), [(2**31 - 1, 6), (20, 6), (19, 0), (0, 0)])
async def test_expiring_rights_accept_any_number_of_days(
    sized_organisations: list[SizedOrganisation], days: int, total: int
):
    result = await execute_operation(
        sized_organisations[1].viewer, EXPIRING, id=sized_organisations[1].ids["Organisation"], days=days
    )

    assert result.errors == []
    assert result.data["node"]["expiringRights"]["totalCount"] == total


async def test_a_negative_number_of_days_is_refused(sized_organisations: list[SizedOrganisation]):
    result = await execute_operation(
        sized_organisations[1].viewer, EXPIRING, id=sized_organisations[1].ids["Organisation"], days=-1
    )

    assert result.codes == ["BAD_INPUT"]
    assert result.errors[0]["message"] == "`withinDays` is 0 or more; -1 was given."
    assert result.data["node"]["expiringRights"] is None


async def test_a_cursor_contains_only_the_order_the_value_and_the_key(sized_organisations: list[SizedOrganisation]):
    result = await execute_operation(
        sized_organisations[0].viewer, CONTRACTS, id=sized_organisations[0].ids["Organisation"], first=1
    )

    order, value, key = orjson.loads(b64decode(result.data["node"]["contracts"]["edges"][0]["cursor"]))

    assert (order, type(value), type(key)) == ("PUBLISHED_AT", str, int)
