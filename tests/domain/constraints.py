"""Asking the database what it refuses."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.database.connection import database as connection
from domain.models.row import Row

Case = tuple[str, str, str]
"""A constraint; SQL assignments that break it; assignments next to them that don't."""


@asynccontextmanager
async def refused_by(constraint: str) -> AsyncIterator[None]:
    """What happens inside is undone, and must be refused by that constraint and no other."""
    with pytest.raises(IntegrityError) as refusal:
        async with in_transaction():
            yield
    assert getattr(refusal.value.__cause__, "constraint_name", None) == constraint


async def change(row: Row, assignments: str) -> None:
    """Changes a row by SQL, past all rules."""
    table = row._meta.db_table
    await connection().execute_query(f'update "{table}" set {assignments} where id = {row.id}')


async def hold(subtests: pytest.Subtests, row: Row, cases: Iterable[Case]) -> None:
    """Tries each case on a row, which is as it was afterwards."""
    for constraint, wrong, right in cases:
        with subtests.test(constraint, wrong=wrong):
            async with refused_by(constraint):
                await change(row, wrong)
            async with in_transaction() as transaction:
                await change(row, right)
                await transaction.rollback()
