"""JSON in UTF-8, also of values that orjson refuses."""

import json
from collections.abc import Callable
from typing import Any

import orjson


def json_bytes(value: Any, *, default: Callable[[Any], Any] | None = None, option: int | None = None) -> bytes:
    """A value as JSON in UTF-8.

    Lone surrogates are escaped, and integers beyond 64 bits written out; parsers read both back unchanged.

    Args:
        value: The value.
        default: Converts values of other types; without it they are an error.
        option: Options of orjson.
    """
    try:
        return orjson.dumps(value, default, option)
    except orjson.JSONEncodeError:
        # orjson accepts neither lone surrogates nor such integers.
        return json.dumps(value, default=default).encode()


def json_text(value: Any, *, default: Callable[[Any], Any] | None = None, option: int | None = None) -> str:
    """The same as text."""
    return json_bytes(value, default=default, option=option).decode()
