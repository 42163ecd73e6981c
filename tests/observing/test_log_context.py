"""What lines of the log tell, and how far that reaches."""

import asyncio
from collections.abc import Iterator

import pytest

from observing.log_context import add_to_log_context, begin_log_context, end_log_context, fork_log_context, log_context


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    begun = begin_log_context(request_id="a1")
    yield
    end_log_context(begun)


async def test_what_a_task_learns_is_told_by_whoever_began_it():
    async def learn() -> None:
        add_to_log_context(actor="person:7")

    await asyncio.create_task(learn())

    assert log_context() == {"request_id": "a1", "actor": "person:7"}


async def test_what_turns_out_wrong_is_told_no_longer():
    add_to_log_context(actor="person:7")

    add_to_log_context(actor=None)

    assert log_context() == {"request_id": "a1"}


async def test_pieces_of_work_beside_each_other_tell_what_is_theirs():
    async def operate(name: str) -> dict[str, str]:
        fork_log_context()
        add_to_log_context(operation=name)
        await asyncio.sleep(0)
        return log_context()

    told = await asyncio.gather(operate("ContractChanged"), operate("GroupChanged"))

    assert told == [
        {"request_id": "a1", "operation": "ContractChanged"},
        {"request_id": "a1", "operation": "GroupChanged"},
    ]
    assert log_context() == {"request_id": "a1"}


def test_what_was_told_before_is_told_again_afterwards():
    end_log_context(begin_log_context(request_id="b2"))

    assert log_context() == {"request_id": "a1"}
