"""The context of log events, and which tasks share it."""

import asyncio
from collections.abc import Iterator

import pytest

from observing.log_context import add_to_log_context, begin_log_context, end_log_context, fork_log_context, log_context


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    token = begin_log_context(request_id="a1")
    yield
    end_log_context(token)


async def test_a_value_added_in_a_task_is_visible_outside_it():
    async def add_actor() -> None:
        add_to_log_context(actor="person:7")

    await asyncio.create_task(add_actor())

    assert log_context() == {"request_id": "a1", "actor": "person:7"}


async def test_none_removes_a_value():
    add_to_log_context(actor="person:7")

    add_to_log_context(actor=None)

    assert log_context() == {"request_id": "a1"}


async def test_forked_contexts_do_not_share_values():
    async def operate(name: str) -> dict[str, str]:
        fork_log_context()
        add_to_log_context(operation=name)
        await asyncio.sleep(0)
        return log_context()

    contexts = await asyncio.gather(operate("ContractChanged"), operate("GroupChanged"))

    assert contexts == [
        {"request_id": "a1", "operation": "ContractChanged"},
        {"request_id": "a1", "operation": "GroupChanged"},
    ]
    assert log_context() == {"request_id": "a1"}


def test_ending_a_context_restores_the_previous_one():
    end_log_context(begin_log_context(request_id="b2"))

    assert log_context() == {"request_id": "a1"}
