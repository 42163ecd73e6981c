"""Records the calls of a method, which still does its work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def recorded_calls(owner: object, name: str) -> Iterator[list[tuple[Any, ...]]]:
    """The arguments of each call of an asynchronous method within the block; a class's method gets the object first."""
    original, calls = getattr(owner, name), []

    async def record(*args: Any) -> Any:
        calls.append(args)
        return await original(*args)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, record)
        yield calls
