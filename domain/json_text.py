"""JSON of whatever there is, also of what no JSON in UTF-8 can hold."""

import json
from collections.abc import Callable
from typing import Any

import orjson


def json_bytes(told: Any, *, default: Callable[[Any], Any] | None = None, option: int | None = None) -> bytes:
    """What is told, as JSON in UTF-8.

    Half of a surrogate pair is escaped, and a number beyond 64 bits written out; others read both as they were.

    Args:
        told: Anything of which JSON can be made.
        default: What is written in place of anything else; without it such a thing is an error.
        option: The library's options.
    """
    try:
        return orjson.dumps(told, default, option)
    except orjson.JSONEncodeError:
        # The faster one takes neither.
        return json.dumps(told, default=default).encode()


def json_text(told: Any, *, default: Callable[[Any], Any] | None = None, option: int | None = None) -> str:
    """The same as text."""
    return json_bytes(told, default=default, option=option).decode()
