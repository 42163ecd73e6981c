"""The budget of objects that a viewer may read in a minute, counted in a real Valkey."""

from collections.abc import AsyncIterator

import pytest

from gql.limits.budget import Budget, SpendResult
from tests.conftest import CLOSED_ADDRESS


@pytest.fixture
async def budget(valkey: str) -> AsyncIterator[Budget]:
    budget = Budget(valkey)
    yield budget
    await budget.close()


async def test_a_spent_budget_refuses_and_says_when_to_retry(budget: Budget):
    assert await budget.spend("person:1", 60, 100) == SpendResult(granted=True)
    assert await budget.spend("person:1", 40, 100) == SpendResult(granted=True)

    refused = await budget.spend("person:1", 1, 100)

    assert not refused.granted
    assert 1 <= refused.retry_after <= 60


async def test_each_viewer_has_their_own_budget(budget: Budget):
    assert (await budget.spend("person:1", 100, 100)).granted
    assert (await budget.spend("person:2", 100, 100)).granted
    assert (await budget.spend("authority:1", 100, 100)).granted


async def test_a_budget_is_shared_by_processes(budget: Budget, valkey: str):
    other_process = Budget(valkey)
    await budget.spend("person:1", 100, 100)

    refused = await other_process.spend("person:1", 1, 100)
    await other_process.close()

    assert not refused.granted


async def test_without_valkey_each_process_counts_by_itself():
    budget = Budget(f"redis://{CLOSED_ADDRESS}/0")

    assert (await budget.spend("person:1", 100, 100)).granted
    assert not (await budget.spend("person:1", 1, 100)).granted
    await budget.close()
