"""What a method is called with while a block lasts; it does all that it does otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def calls_of(owner: object, name: str) -> Iterator[list[tuple[Any, ...]]]:
    """Gathers the arguments of each call of an asynchronous method; of a class's, the object comes first."""
    does, calls = getattr(owner, name), []

    async def called(*given: Any) -> Any:
        calls.append(given)
        return await does(*given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, called)
        yield calls
