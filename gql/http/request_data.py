"""Parsing of JSON requests, with a fast path for the usual ones."""

import json
from contextlib import suppress
from json import JSONDecodeError
from typing import Any, Final, NoReturn

import orjson
from strawberry.http import GraphQLRequestData

from gql.documents.references import DOCUMENT_ID

ORJSON_MAX_BYTES: Final = 16 * 1024
"""The size of a body that orjson parses; searching a longer one for fractional numbers would take too long."""


def valid_request_data(body: bytes) -> GraphQLRequestData | None:
    """The request in a body, if `query`, `operationName`, `variables` and `extensions` are well-formed.

    None otherwise: Strawberry then reports what is wrong.
    """
    try:
        content = load_json(body)
    except JSONDecodeError:
        return None
    if not isinstance(content, dict):
        return None
    content = with_document_id(content)
    query, variables, extensions = content.get("query"), content.get("variables"), content.get("extensions")
    operation_name = content.get("operationName")
    if not isinstance(query, str | None) or not isinstance(operation_name, str | None):
        return None
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        return None
    return GraphQLRequestData(query, variables, operation_name, extensions)


def with_document_id(content: dict[str, Any]) -> dict[str, Any]:
    """The request with `documentId` moved into its extensions, which is all that Strawberry passes on.

    Extensions that are not an object are left as they are: Strawberry refuses them.
    """
    extensions = content.get("extensions")
    if DOCUMENT_ID not in content or content.get("query") is not None or not isinstance(extensions, dict | None):
        return content
    return {**content, "extensions": {**(extensions or {}), DOCUMENT_ID: content[DOCUMENT_ID]}}


def load_json(data: str | bytes) -> object:
    """The object or array in a request body or query parameter.

    Raises:
        JSONDecodeError: It isn't JSON in UTF-8, or is neither an object nor an array.
    """
    try:
        content = _load_any_json(data)
    except (ValueError, RecursionError):
        raise JSONDecodeError("No JSON in UTF-8, nested too deeply, or a number of too many digits", "", 0) from None
    if not isinstance(content, dict | list):
        raise JSONDecodeError("Neither an object nor a list", "", 0)
    return content


def _load_any_json(data: str | bytes) -> object:
    """Uses orjson, unless the content has floats: orjson turns integers beyond 64 bits into floats."""
    if len(data) <= ORJSON_MAX_BYTES:
        with suppress(orjson.JSONDecodeError):
            content = orjson.loads(data)
            if not _contains_float(content):
                return content
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    return json.loads(text, parse_constant=_refuse_constant)


def _refuse_constant(constant: str) -> NoReturn:
    """`NaN` and `Infinity` are not JSON (RFC 8259, 6), although the standard library accepts them."""
    raise ValueError(constant)


def _contains_float(content: object) -> bool:
    pending = [content]
    while pending:
        value = pending.pop()
        if isinstance(value, float):
            return True
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return False
