"""Work for a client who may be slow to ask, may leave before it is done, and isn't to wait for ever."""

import asyncio
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from gql.http.cancellation import RequestTimeoutError, run_cancellable

LONG = 60.0
SOON = 0.1


class _Client:
    """Somebody who has asked, or is about to, and may leave."""

    def __init__(self, *, asks: bool = True) -> None:
        self.left = asyncio.Event()
        self._asks = asks

    @property
    def request(self) -> Request:
        return Request({"type": "http", "headers": []}, self._receive)

    async def _receive(self) -> Any:
        if self._asks:
            self._asks = False
            return {"type": "http.request", "body": b"{}"}
        await self.left.wait()
        return {"type": "http.disconnect"}


class _Work:
    """Work that is done when somebody says so."""

    def __init__(self, *, changes: bool = False) -> None:
        self.done = asyncio.Event()
        self.begun = asyncio.Event()
        self.asked_for = asyncio.Event()
        self.stopped = False
        self._changes = changes

    async def __call__(self, request: Request) -> bytes:
        self.begun.set()
        try:
            await self.done.wait()
        except asyncio.CancelledError:
            self.stopped = True
            raise
        return await request.body()

    def changes(self, _request: Request) -> bool:
        """Asked when the client has left."""
        self.asked_for.set()
        return self._changes


async def test_what_is_done_at_once_is_handed_on():
    work = _Work()
    work.done.set()

    assert await run_cancellable(_Client().request, work, work.changes, LONG) == b"{}"

    assert not work.asked_for.is_set()


async def test_what_takes_longer_is_handed_on_too():
    client, work = _Client(), _Work(changes=True)
    answering = asyncio.create_task(run_cancellable(client.request, work, work.changes, LONG))
    client.left.set()
    await work.asked_for.wait()

    work.done.set()

    assert await answering == b"{}"


async def test_what_goes_wrong_is_handed_on():
    async def wrong(_request: Request) -> None:
        raise LookupError("That is not there.")

    with pytest.raises(LookupError, match="That is not there"):
        await run_cancellable(_Client().request, wrong, _Work().changes, LONG)


async def test_work_that_changes_nothing_stops_when_its_client_leaves():
    client, work = _Client(), _Work()
    answering = asyncio.create_task(run_cancellable(client.request, work, work.changes, LONG))
    await work.begun.wait()

    client.left.set()

    with pytest.raises(ClientDisconnect):
        await answering
    assert work.stopped


async def test_work_that_changes_something_still_has_an_end_when_its_client_has_left():
    client, work = _Client(), _Work(changes=True)
    client.left.set()

    with pytest.raises(TimeoutError):
        await run_cancellable(client.request, work, work.changes, SOON)

    assert work.asked_for.is_set()
    assert work.stopped


async def test_work_is_not_waited_for_longer_than_it_may_take():
    work = _Work()

    with pytest.raises(TimeoutError):
        await run_cancellable(_Client().request, work, work.changes, SOON)

    assert work.stopped


async def test_a_request_is_not_waited_for_longer_than_it_may_take_to_come():
    work = _Work()

    with pytest.raises(RequestTimeoutError):
        await run_cancellable(_Client(asks=False).request, work, work.changes, SOON)

    assert not work.begun.is_set()


async def test_a_client_that_leaves_while_it_asks_has_nothing_done():
    client, work = _Client(asks=False), _Work()
    client.left.set()

    with pytest.raises(ClientDisconnect):
        await run_cancellable(client.request, work, work.changes, LONG)

    assert not work.begun.is_set()


async def test_work_stops_with_whoever_waits_for_it():
    work = _Work()
    answering = asyncio.create_task(run_cancellable(_Client().request, work, work.changes, LONG))
    await work.begun.wait()

    answering.cancel()

    with pytest.raises(asyncio.CancelledError):
        await answering
    assert work.stopped


@pytest.mark.parametrize("made_of_it", ["an answer", "another failure"])
async def test_whoever_takes_being_stopped_for_something_else_is_not_believed(made_of_it: str):
    async def work(_request: Request) -> bytes:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if made_of_it == "another failure":
                raise LookupError("That is not there.") from None
        return b"{}"

    with pytest.raises(TimeoutError):
        await run_cancellable(_Client().request, work, _Work().changes, SOON)


async def test_what_was_stopped_leaves_its_task_free_for_the_answer():
    with pytest.raises(TimeoutError):
        await run_cancellable(_Client().request, _Work(), _Work().changes, SOON)

    here = asyncio.current_task()
    assert here is not None
    assert here.cancelling() == 0
