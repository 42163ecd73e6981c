"""Records the calls of a method, which is called as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def recorded_calls(owner: object, name: str) -> Iterator[list[tuple[Any, ...]]]:
    """The arguments of each call of an asynchronous method within the block; a class's method has `self` among them."""
    original, calls = getattr(owner, name), []

    async def record(*args: Any) -> Any:
        calls.append(args)
        return await original(*args)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, record)
        yield calls
