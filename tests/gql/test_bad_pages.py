"""What describes no page is refused as what it is: a mistake of the client, never one of ours."""

from base64 import b64decode, b64encode
from typing import Any

import orjson
import pytest

from tests.gql.execution import execute_operation
from tests.gql.sized import Sized

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


def written(*parts: Any) -> str:
    return b64encode(orjson.dumps(parts)).decode()


@pytest.mark.parametrize(
    ("given", "said"),
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
async def test_a_size_out_of_range_is_refused(sized: list[Sized], given: dict[str, Any], said: str):
    answer = await execute_operation(sized[1].viewer, CONTRACTS, id=sized[1].ids["Organisation"], **given)

    assert answer.codes == ["BAD_INPUT"]
    assert answer.errors[0]["message"] == said


MOMENT = "2026-01-01 10:00:00+00"
FORGED = {
    "empty": "",
    "no base64": "???",
    "not ASCII": "é",
    "no JSON": b64encode(b"[1,").decode(),
    "no UTF-8": b64encode(b'["\xff"]').decode(),
    "no list": b64encode(b"7").decode(),
    "an object": b64encode(b'{"a": 1, "b": 2, "c": 3}').decode(),
    "too short": written("PUBLISHED_AT", MOMENT),
    "too long": written("PUBLISHED_AT", MOMENT, 1, 1),
    "another order": written("NUMBER", "mow/1", 1),
    "no order": written("DROP TABLE contract", MOMENT, 1),
    "order of another type": written(1, MOMENT, 1),
    "value a number": written("PUBLISHED_AT", 1, 1),
    "value null": written("PUBLISHED_AT", None, 1),
    "value a list": written("PUBLISHED_AT", [MOMENT], 1),
    "no moment": written("PUBLISHED_AT", "rubbish", 1),
    "no such day": written("PUBLISHED_AT", "2026-02-30 10:00:00+00", 1),
    "no such year": written("PUBLISHED_AT", "294277-01-01 00:00:00+00", 1),
    "NUL": written("PUBLISHED_AT", "2026\0", 1),
    "key a text": written("PUBLISHED_AT", MOMENT, "1"),
    "key a truth": written("PUBLISHED_AT", MOMENT, True),  # noqa: FBT003  # what JSON calls true
    "key a fraction": written("PUBLISHED_AT", MOMENT, 1.5),
    "key nothing": written("PUBLISHED_AT", MOMENT, 0),
    "key negative": written("PUBLISHED_AT", MOMENT, -1),
    "key too large": written("PUBLISHED_AT", MOMENT, 2**63),
    "key far too large": b64encode(b'["PUBLISHED_AT", "2026-01-01", 1' + b"0" * 5000 + b"]").decode(),
    "deep": b64encode(b"[" * 5000 + b"]" * 5000).decode(),
}


@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize("argument", ["after", "before"])
async def test_a_forged_cursor_is_refused(sized: list[Sized], cursor: str, argument: str):
    answer = await execute_operation(sized[1].viewer, CONTRACTS, id=sized[1].ids["Organisation"], **{argument: cursor})

    assert answer.codes == ["BAD_INPUT"]
    told = f"`{argument}` is not a cursor of this connection in this order. Give one that it gave."
    assert answer.errors[0]["message"] == told
    assert answer.data["node"]["contracts"] is None


async def test_a_cursor_of_another_order_is_refused(sized: list[Sized]):
    given = {"id": sized[1].ids["Organisation"]}
    answer = await execute_operation(sized[1].viewer, CONTRACTS, **given)
    cursor = answer.data["node"]["contracts"]["edges"][0]["cursor"]

    elsewhere = await execute_operation(sized[1].viewer, OTHER_ORDER, after=cursor, **given)

    assert elsewhere.codes == ["BAD_INPUT"]


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
async def test_a_value_that_the_order_cannot_have_is_refused(sized: list[Sized], order: str, document: str, value: str):
    machine = document is RECEIVED
    actor, owner = (sized[1].machine, "Authority") if machine else (sized[1].viewer, "Organisation")
    given: dict[str, Any] = {"id": sized[1].ids[owner], "after": written(order, value, 1)}
    given |= {"days": 30} if document is EXPIRING else {}

    answer = await execute_operation(actor, document, **given)

    assert answer.codes == ["BAD_INPUT"]


@pytest.mark.parametrize(("days", "total"), [(2**31 - 1, 6), (20, 6), (19, 0), (0, 0)])
async def test_any_number_of_days_to_come_can_be_asked_for(sized: list[Sized], days: int, total: int):
    answer = await execute_operation(sized[1].viewer, EXPIRING, id=sized[1].ids["Organisation"], days=days)

    assert answer.errors == []
    assert answer.data["node"]["expiringRights"]["totalCount"] == total


async def test_days_that_have_gone_by_are_no_days_to_come(sized: list[Sized]):
    answer = await execute_operation(sized[1].viewer, EXPIRING, id=sized[1].ids["Organisation"], days=-1)

    assert answer.codes == ["BAD_INPUT"]
    assert answer.errors[0]["message"] == "`withinDays` is 0 or more; -1 was given."
    assert answer.data["node"]["expiringRights"] is None


async def test_a_cursor_tells_only_its_place_in_the_order(sized: list[Sized]):
    answer = await execute_operation(sized[0].viewer, CONTRACTS, id=sized[0].ids["Organisation"], first=1)

    order, value, key = orjson.loads(b64decode(answer.data["node"]["contracts"]["edges"][0]["cursor"]))

    assert (order, type(value), type(key)) == ("PUBLISHED_AT", str, int)
