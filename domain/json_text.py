"""JSON of whatever there is, also of what no JSON in UTF-8 can hold."""

import json
from collections.abc import Callable
from typing import Any

import orjson


def json_bytes(value: Any, *, default: Callable[[Any], Any] | None = None, option: int | None = None) -> bytes:
    """A value as JSON in UTF-8.

    Half of a surrogate pair is escaped, and a number beyond 64 bits written out; others read both as they were.

    Args:
        value: Anything of which JSON can be made.
        default: What is written in place of anything else; without it such a thing is an error.
        option: The library's options.
    """
    try:
        return orjson.dumps(value, default, option)
    except orjson.JSONEncodeError:
        # The faster one takes neither.
        return json.dumps(value, default=default).encode()


def json_text(value: Any, *, default: Callable[[Any], Any] | None = None, option: int | None = None) -> str:
    """The same as text."""
    return json_bytes(value, default=default, option=option).decode()
