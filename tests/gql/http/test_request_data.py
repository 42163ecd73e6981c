"""What a body says, as the standard library's reader has it."""

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


def as_text(told: Any) -> str:
    """Tells 1 from 1.0 and True, which are equal."""
    return repr(told)


@given(VALUES, st.booleans())
def test_whatever_is_said_is_read_as_it_stands(said: Any, escaped: bool):  # noqa: FBT001  # hypothesis gives it
    body = json.dumps({"variables": said}, ensure_ascii=escaped).encode()

    assert as_text(load_json(body)) == as_text({"variables": said})


@pytest.mark.parametrize(
    "number", ["18446744073709551616", "-9223372036854775809", "9007199254740993.0", "-0", "1e400", "0.1e1"]
)
@pytest.mark.parametrize("before", [b"", b" " * ORJSON_MAX_BYTES], ids=["short", "long"])
def test_numbers_are_read_as_they_stand(number: str, before: bytes):
    body = before + b'{"variables": {"a": [' + number.encode() + b"]}}"

    assert as_text(load_json(body)) == as_text({"variables": {"a": [json.loads(number)]}})


@pytest.mark.parametrize("body", [b'["\\ud800"]', b'{"a": 1, "a": 2}', '["é"]'.encode("utf-8-sig")])
def test_what_is_odd_is_read_as_ever(body: bytes):
    assert load_json(body) == json.loads(body)


@pytest.mark.parametrize("body", [b"", b"1", b'"a"', b"{", b'["\xff"]', b"[" * 5_000, b'{"a": ' + b"1" * 5_000 + b"}"])
def test_what_is_no_operation_is_refused(body: bytes):
    with pytest.raises(json.JSONDecodeError):
        load_json(body)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [('["é"]', "utf-16"), ("[NaN]", "utf-8"), ("[Infinity]", "utf-8"), ('{"a": -Infinity}', "utf-8")],
)
@pytest.mark.parametrize("before", ["", " " * ORJSON_MAX_BYTES], ids=["short", "long"])
def test_what_the_standard_library_takes_for_json_and_its_definition_does_not_is_refused(
    before: str, text: str, encoding: str
):
    body = (before + text).encode(encoding)

    with pytest.raises(json.JSONDecodeError):
        load_json(body)


@pytest.mark.parametrize(
    ("body", "query", "extensions"),
    [
        ({"query": "{ a }"}, "{ a }", None),
        ({"query": "{ a }", "documentId": "passed over"}, "{ a }", None),
        ({"documentId": "sha256:1"}, None, {"documentId": "sha256:1"}),
        ({"documentId": 1, "query": None, "extensions": {"b": 2}}, None, {"documentId": 1, "b": 2}),
        ({"extensions": {"persistedQuery": {}}}, None, {"persistedQuery": {}}),
        ({}, None, None),
    ],
)
def test_what_is_put_plainly_is_read_once(body: dict[str, Any], query: str | None, extensions: Any):
    asked = valid_request_data(json.dumps(body).encode())

    assert asked
    assert (asked.query, asked.extensions) == (query, extensions)


@pytest.mark.parametrize(
    "body", [{"query": 1}, {"variables": []}, {"operationName": 1}, {"extensions": 1, "documentId": "sha256:1"}, []]
)
def test_what_is_put_wrongly_is_left_to_the_library(body: Any):
    assert valid_request_data(json.dumps(body).encode()) is None
