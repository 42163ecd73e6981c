"""A rule that refuses: by its name, the field and the facts, and nothing is changed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from domain.refusals import Refusal, Refusals
from tests.tables import unchanged


@asynccontextmanager
async def refused(kind: type[Refusal], *path: str, **facts: Any) -> AsyncIterator[None]:
    """What happens inside is refused by this rule alone, with this path and these facts, and changes no table."""
    async with refused_for() as told:
        yield
    [refusal] = told
    assert (type(refusal), refusal.path) == (kind, path)
    assert refusal.facts == facts


@asynccontextmanager
async def refused_for(*whys: tuple[type[Refusal], str]) -> AsyncIterator[list[Refusal]]:
    """What happens inside is refused, for these reasons if they are named, each with its path; no table is changed."""
    told: list[Refusal] = []
    async with unchanged():
        try:
            yield told
        except (Refusal, Refusals) as why:
            told += why.refusals
        else:
            pytest.fail("It was not refused.")
    assert not whys or [(type(each), ".".join(each.path)) for each in told] == list(whys)
