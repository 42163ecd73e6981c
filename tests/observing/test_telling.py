"""What lines of the log tell, and how far that reaches."""

import asyncio
from collections.abc import Iterator

import pytest

from observing.telling import begin_telling, end_telling, now_told, tell, tell_apart


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    begun = begin_telling(request_id="a1")
    yield
    end_telling(begun)


async def test_what_a_task_learns_is_told_by_whoever_began_it():
    async def learn() -> None:
        tell(actor="person:7")

    await asyncio.create_task(learn())

    assert now_told() == {"request_id": "a1", "actor": "person:7"}


async def test_what_turns_out_wrong_is_told_no_longer():
    tell(actor="person:7")

    tell(actor=None)

    assert now_told() == {"request_id": "a1"}


async def test_pieces_of_work_beside_each_other_tell_what_is_theirs():
    async def operate(name: str) -> dict[str, str]:
        tell_apart()
        tell(operation=name)
        await asyncio.sleep(0)
        return now_told()

    told = await asyncio.gather(operate("ContractChanged"), operate("GroupChanged"))

    assert told == [
        {"request_id": "a1", "operation": "ContractChanged"},
        {"request_id": "a1", "operation": "GroupChanged"},
    ]
    assert now_told() == {"request_id": "a1"}


def test_what_was_told_before_is_told_again_afterwards():
    end_telling(begin_telling(request_id="b2"))

    assert now_told() == {"request_id": "a1"}
