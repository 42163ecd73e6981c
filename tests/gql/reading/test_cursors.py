"""Cursors as clients give them back: read, brought into one form, or refused before the database sees them."""

from base64 import b64encode

import orjson
import pytest

from gql.reading.cursors import Cursor
from gql.reading.faults import BadArgument
from gql.reading.paging import Order, Paging


def read(kind: str, value: object, key: object = 1) -> Cursor | None:
    """The cursor with these parts, in a connection whose order is of that kind."""
    paging = Paging({"PLACE": Order("{row}.place", kind)}, ("PLACE", False))
    return paging.page(after=b64encode(orjson.dumps(["PLACE", value, key])).decode()).after


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("2026-11-27 14:34:34.785534+00", "2026-11-27T14:34:34.785534+00:00"),
        ("2026-11-27T14:34:34+02:00", "2026-11-27T12:34:34+00:00"),
        # PostgreSQL knows no difference from UTC of 16 hours or more.
        ("2026-01-02T00:00:00+23:59", "2026-01-01T00:01:00+00:00"),
        ("2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00"),
    ],
)
def test_a_moment_is_brought_to_utc(value: str, place: str):
    assert read("timestamptz", value) == Cursor(place, 1)


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
def test_what_no_row_can_have_is_refused(kind: str, value: object, key: object):
    with pytest.raises(BadArgument, match="not a cursor"):
        read(kind, value, key)
