"""Checks that a constraint of the database refuses a statement."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.database.connection import database as connection
from domain.models.row import Row

Case = tuple[str, str, str]
"""A constraint; SQL assignments that violate it; similar assignments that don't."""


@asynccontextmanager
async def refused_by(constraint: str) -> AsyncIterator[None]:
    """Expects the block to be refused by that constraint and no other, and rolls it back."""
    with pytest.raises(IntegrityError) as raised:
        async with in_transaction():
            yield
    assert getattr(raised.value.__cause__, "constraint_name", None) == constraint


async def update(row: Row, assignments: str) -> None:
    """Updates a row by SQL, bypassing the rules."""
    table = row._meta.db_table
    await connection().execute_query(f'update "{table}" set {assignments} where id = {row.id}')


async def check_refusals(subtests: pytest.Subtests, row: Row, cases: Iterable[Case]) -> None:
    """Tries each case on a row, which is unchanged afterwards."""
    for constraint, violating, valid in cases:
        with subtests.test(constraint, violating=violating):
            async with refused_by(constraint):
                await update(row, violating)
            async with in_transaction() as transaction:
                await update(row, valid)
                await transaction.rollback()
