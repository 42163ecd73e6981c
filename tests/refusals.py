"""Assertions that a rule raises refusals, with their paths and facts, and changes nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from domain.refusals import Refusal, Refusals
from tests.table_contents import assert_tables_unchanged


@asynccontextmanager
async def assert_refused(kind: type[Refusal], *path: str, **facts: Any) -> AsyncIterator[None]:
    """Asserts that the block raises this one refusal, with this path and these facts, and changes no table."""
    async with assert_refusals() as refusals:
        yield
    [refusal] = refusals
    assert (type(refusal), refusal.path) == (kind, path)
    assert refusal.facts == facts


@asynccontextmanager
async def assert_refusals(*expected: tuple[type[Refusal], str]) -> AsyncIterator[list[Refusal]]:
    """Asserts that the block raises refusals, with these classes and paths if any are given, and changes no table."""
    refusals: list[Refusal] = []
    async with assert_tables_unchanged():
        try:
            yield refusals
        except (Refusal, Refusals) as error:
            refusals += error.refusals
        else:
            pytest.fail("No refusal was raised.")
    assert not expected or [(type(each), ".".join(each.path)) for each in refusals] == list(expected)
