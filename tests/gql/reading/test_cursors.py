"""Cursors from clients: parsed, normalised, or refused before they reach the database."""

from base64 import b64encode

import orjson
import pytest

from gql.reading.cursors import Cursor
from gql.reading.faults import BadArgument
from gql.reading.paging import Order, Paging


def parsed_cursor(kind: str, value: object, key: object = 1) -> Cursor | None:
    """The cursor with this value and key, in a connection ordered by a column of that type."""
    paging = Paging({"PLACE": Order("{row}.place", kind)}, ("PLACE", False))
    return paging.page(after=b64encode(orjson.dumps(["PLACE", value, key])).decode()).after


@pytest.mark.parametrize(
    ("value", "normalised"),
    [
        ("2026-11-27 14:34:34.785534+00", "2026-11-27T14:34:34.785534+00:00"),
        ("2026-11-27T14:34:34+02:00", "2026-11-27T12:34:34+00:00"),
        # PostgreSQL accepts no UTC offset of 16 hours or more.
        ("2026-01-02T00:00:00+23:59", "2026-01-01T00:01:00+00:00"),
        ("2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00"),
    ],
)
def test_a_timestamp_is_normalised_to_utc(value: str, normalised: str):
    assert parsed_cursor("timestamptz", value) == Cursor(normalised, 1)


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("timestamptz", "infinity", 1),
        ("timestamptz", "0001-01-01T00:00:00+14:00", 1),
        ("timestamptz", "9999-12-31T23:59:59-14:00", 1),
        ("date", "2026-02-30", 1),
        ("bigint", "9223372036854775808", 1),
        ("text", "a\0b", 1),
        ("text", "a", 0),
        ("text", "a", 2**63),
        ("text", "a", True),
        ("text", 7, 1),
    ],
)
def test_a_cursor_that_no_row_can_have_is_refused(kind: str, value: object, key: object):
    with pytest.raises(BadArgument, match="not a cursor"):
        parsed_cursor(kind, value, key)
