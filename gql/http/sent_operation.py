"""The operation that a request sends, of which nothing is known yet but that it has come."""

import json
from contextlib import suppress
from json import JSONDecodeError
from typing import Any, Final, NoReturn

import orjson
from strawberry.http import GraphQLRequestData

from gql.documents.naming import DOCUMENT_ID

SHORT: Final = 16 * 1024
"""Bytes of a body that is read the fast way; looking through all that a long one says would take long."""


def plain_operation(body: bytes) -> GraphQLRequestData | None:
    """The operation of a body that is put as most are: a document or its name, with variables or without.

    None where the library must say what is wrong with it.
    """
    try:
        content = decoded(body)
    except JSONDecodeError:
        return None
    if not isinstance(content, dict):
        return None
    content = with_document_id(content)
    query, variables, extensions = content.get("query"), content.get("variables"), content.get("extensions")
    name = content.get("operationName")
    if not isinstance(query, str | None) or not isinstance(name, str | None):
        return None
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        return None
    return GraphQLRequestData(query, variables, name, extensions)


def with_document_id(content: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with a `documentId` that stands in the document's place among the extensions.

    The library hands on those alone; whether they are any is for it to say.
    """
    extensions = content.get("extensions")
    if DOCUMENT_ID not in content or content.get("query") is not None or not isinstance(extensions, dict | None):
        return content
    return {**content, "extensions": {**(extensions or {}), DOCUMENT_ID: content[DOCUMENT_ID]}}


def decoded(data: str | bytes) -> object:
    """What a request's body, or a parameter of its address, says.

    Raises:
        JSONDecodeError: It isn't JSON in UTF-8, or neither an object nor a list.
    """
    try:
        content = _read(data)
    except (ValueError, RecursionError):
        raise JSONDecodeError("No JSON in UTF-8, nested too deeply, or a number of too many digits", "", 0) from None
    if not isinstance(content, dict | list):
        raise JSONDecodeError("Neither an object nor a list", "", 0)
    return content


def _read(data: str | bytes) -> object:
    """What JSON says, by a reader that takes whole numbers beyond 64 bits for others, unless there may be some."""
    if len(data) <= SHORT:
        with suppress(orjson.JSONDecodeError):
            content = orjson.loads(data)
            if not _has_fractions(content):
                return content
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    return json.loads(text, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    """`NaN` and the like are no JSON (RFC 8259, 6), for all that the standard library reads them."""
    raise ValueError(constant)


def _has_fractions(content: object) -> bool:
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, float):
            return True
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False
