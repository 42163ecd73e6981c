"""Bodies are parsed as the standard library's `json` does it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gql.http.request_data import ORJSON_MAX_BYTES, load_json, valid_request_data

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**62, 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def type_sensitive(value: Any) -> str:
    """A text in which 1, 1.0 and True differ, although they are equal."""
    return repr(value)


@given(VALUES, st.booleans())
def test_any_value_is_parsed_exactly(value: Any, escaped: bool):  # noqa: FBT001  # Hypothesis passes it by position
    body = json.dumps({"variables": value}, ensure_ascii=escaped).encode()

    assert type_sensitive(load_json(body)) == type_sensitive({"variables": value})


@pytest.mark.parametrize(
    "number", ["18446744073709551616", "-9223372036854775809", "9007199254740993.0", "-0", "1e400", "0.1e1"]
)
@pytest.mark.parametrize("padding", [b"", b" " * ORJSON_MAX_BYTES], ids=["short", "long"])
def test_numbers_are_parsed_exactly(number: str, padding: bytes):
    body = padding + b'{"variables": {"a": [' + number.encode() + b"]}}"

    assert type_sensitive(load_json(body)) == type_sensitive({"variables": {"a": [json.loads(number)]}})


@pytest.mark.parametrize("body", [b'["\\ud800"]', b'{"a": 1, "a": 2}', '["é"]'.encode("utf-8-sig")])
def test_unusual_json_is_parsed_as_the_standard_library_does(body: bytes):
    assert load_json(body) == json.loads(body)


@pytest.mark.parametrize("body", [b"", b"1", b'"a"', b"{", b'["\xff"]', b"[" * 5_000, b'{"a": ' + b"1" * 5_000 + b"}"])
def test_a_body_that_is_no_json_container_is_refused(body: bytes):
    with pytest.raises(json.JSONDecodeError):
        load_json(body)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [('["é"]', "utf-16"), ("[NaN]", "utf-8"), ("[Infinity]", "utf-8"), ('{"a": -Infinity}', "utf-8")],
)
@pytest.mark.parametrize("padding", ["", " " * ORJSON_MAX_BYTES], ids=["short", "long"])
def test_json_that_only_the_standard_library_accepts_is_refused(padding: str, text: str, encoding: str):
    body = (padding + text).encode(encoding)

    with pytest.raises(json.JSONDecodeError):
        load_json(body)


@pytest.mark.parametrize(
    ("body", "query", "extensions"),
    [
        ({"query": "{ a }"}, "{ a }", None),
        ({"query": "{ a }", "documentId": "ignored"}, "{ a }", None),
        ({"documentId": "sha256:1"}, None, {"documentId": "sha256:1"}),
        ({"documentId": 1, "query": None, "extensions": {"b": 2}}, None, {"documentId": 1, "b": 2}),
        ({"extensions": {"persistedQuery": {}}}, None, {"persistedQuery": {}}),
        ({}, None, None),
    ],
)
def test_valid_request_data_is_read_from_the_body(body: dict[str, Any], query: str | None, extensions: Any):
    request_data = valid_request_data(json.dumps(body).encode())

    assert request_data
    assert (request_data.query, request_data.extensions) == (query, extensions)


@pytest.mark.parametrize(
    "body", [{"query": 1}, {"variables": []}, {"operationName": 1}, {"extensions": 1, "documentId": "sha256:1"}, []]
)
def test_invalid_request_data_is_left_to_the_library(body: Any):
    assert valid_request_data(json.dumps(body).encode()) is None
