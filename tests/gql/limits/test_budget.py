"""What a viewer may ask for in a minute, counted in a real Valkey."""

from collections.abc import AsyncIterator

import pytest

from gql.limits.budget import Budget, SpendResult
from tests.conftest import NOWHERE


@pytest.fixture
async def budget(valkey: str) -> AsyncIterator[Budget]:
    counting = Budget(valkey)
    yield counting
    await counting.close()


async def test_there_is_room_until_it_is_spent(budget: Budget):
    assert await budget.spend("person:1", 60, 100) == SpendResult(granted=True)
    assert await budget.spend("person:1", 40, 100) == SpendResult(granted=True)

    refused = await budget.spend("person:1", 1, 100)

    assert not refused.granted
    assert 1 <= refused.retry_after <= 60


async def test_each_viewer_has_one_of_their_own(budget: Budget):
    assert (await budget.spend("person:1", 100, 100)).granted
    assert (await budget.spend("person:2", 100, 100)).granted
    assert (await budget.spend("authority:1", 100, 100)).granted


async def test_it_holds_across_processes(budget: Budget, valkey: str):
    other = Budget(valkey)
    await budget.spend("person:1", 100, 100)

    refused = await other.spend("person:1", 1, 100)
    await other.close()

    assert not refused.granted


async def test_without_valkey_a_process_counts_for_itself():
    alone = Budget(f"redis://{NOWHERE}/0")

    assert (await alone.spend("person:1", 100, 100)).granted
    assert not (await alone.spend("person:1", 1, 100)).granted
    await alone.close()
