"""Assertions that a rule refuses, with its field and facts, and changes nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from domain.refusals import Refusal, Refusals
from tests.table_contents import unchanged


@asynccontextmanager
async def refused(kind: type[Refusal], *path: str, **facts: Any) -> AsyncIterator[None]:
    """Asserts that the block is refused by this rule alone, with this path and these facts, and changes no table."""
    async with refused_for() as refusals:
        yield
    [refusal] = refusals
    assert (type(refusal), refusal.path) == (kind, path)
    assert refusal.facts == facts


@asynccontextmanager
async def refused_for(*expected: tuple[type[Refusal], str]) -> AsyncIterator[list[Refusal]]:
    """Asserts that the block is refused, by these rules and paths if any are given, and changes no table."""
    refusals: list[Refusal] = []
    async with unchanged():
        try:
            yield refusals
        except (Refusal, Refusals) as error:
            refusals += error.refusals
        else:
            pytest.fail("It was not refused.")
    assert not expected or [(type(each), ".".join(each.path)) for each in refusals] == list(expected)
