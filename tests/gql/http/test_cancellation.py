"""A request's handler is cancelled when its client disconnects or it exceeds the timeout."""

import asyncio
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from gql.http.cancellation import RequestTimeoutError, run_cancellable

LONG = 60.0
SHORT = 0.1


class Client:
    """A client that has sent its request, or is still to send it, and may disconnect."""

    def __init__(self, *, has_sent: bool = True) -> None:
        self.disconnected = asyncio.Event()
        self._has_unread_body = has_sent

    @property
    def request(self) -> Request:
        return Request({"type": "http", "headers": []}, self._receive)

    async def _receive(self) -> Any:
        if self._has_unread_body:
            self._has_unread_body = False
            return {"type": "http.request", "body": b"{}"}
        await self.disconnected.wait()
        return {"type": "http.disconnect"}


class Handler:
    """A handler that runs until the test lets it finish.

    Attributes:
        finish: Set by the test.
        started: Set when the handler has started.
        must_finish_asked: Set when `run_cancellable` has called `must_finish`.
        cancelled: Whether the handler was cancelled.
    """

    def __init__(self, *, must_finish: bool = False) -> None:
        self.finish = asyncio.Event()
        self.started = asyncio.Event()
        self.must_finish_asked = asyncio.Event()
        self.cancelled = False
        self._must_finish = must_finish

    async def __call__(self, request: Request) -> bytes:
        self.started.set()
        try:
            await self.finish.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return await request.body()

    def must_finish(self, _request: Request) -> bool:
        """Called once the client has disconnected."""
        self.must_finish_asked.set()
        return self._must_finish


async def test_a_result_that_is_ready_at_once_is_returned():
    handler = Handler()
    handler.finish.set()

    assert await run_cancellable(Client().request, handler, handler.must_finish, LONG) == b"{}"

    assert not handler.must_finish_asked.is_set()


async def test_a_handler_that_must_finish_finishes_after_its_client_has_disconnected():
    client, handler = Client(), Handler(must_finish=True)
    response = asyncio.create_task(run_cancellable(client.request, handler, handler.must_finish, LONG))
    client.disconnected.set()
    await handler.must_finish_asked.wait()

    handler.finish.set()

    assert await response == b"{}"


async def test_an_exception_of_the_handler_is_raised():
    async def failing_handler(_request: Request) -> None:
        raise LookupError("That is not there.")

    with pytest.raises(LookupError, match="That is not there"):
        await run_cancellable(Client().request, failing_handler, Handler().must_finish, LONG)


async def test_a_handler_that_need_not_finish_is_cancelled_when_its_client_disconnects():
    client, handler = Client(), Handler()
    response = asyncio.create_task(run_cancellable(client.request, handler, handler.must_finish, LONG))
    await handler.started.wait()

    client.disconnected.set()

    with pytest.raises(ClientDisconnect):
        await response
    assert handler.cancelled


async def test_a_handler_that_must_finish_times_out_after_its_client_has_disconnected():
    client, handler = Client(), Handler(must_finish=True)
    client.disconnected.set()

    with pytest.raises(TimeoutError):
        await run_cancellable(client.request, handler, handler.must_finish, SHORT)

    assert handler.must_finish_asked.is_set()
    assert handler.cancelled


async def test_a_handler_is_cancelled_at_its_timeout():
    handler = Handler()

    with pytest.raises(TimeoutError):
        await run_cancellable(Client().request, handler, handler.must_finish, SHORT)

    assert handler.cancelled


async def test_a_request_that_does_not_arrive_times_out_before_the_handler_starts():
    handler = Handler()

    with pytest.raises(RequestTimeoutError):
        await run_cancellable(Client(has_sent=False).request, handler, handler.must_finish, SHORT)

    assert not handler.started.is_set()


async def test_no_handler_starts_for_a_client_that_disconnects_while_it_sends():
    client, handler = Client(has_sent=False), Handler()
    client.disconnected.set()

    with pytest.raises(ClientDisconnect):
        await run_cancellable(client.request, handler, handler.must_finish, LONG)

    assert not handler.started.is_set()


async def test_a_handler_is_cancelled_with_the_task_that_awaits_it():
    handler = Handler()
    response = asyncio.create_task(run_cancellable(Client().request, handler, handler.must_finish, LONG))
    await handler.started.wait()

    response.cancel()

    with pytest.raises(asyncio.CancelledError):
        await response
    assert handler.cancelled


@pytest.mark.parametrize("outcome", ["a result", "another exception"])
async def test_a_cancelled_handler_times_out_whatever_it_returns_or_raises(outcome: str):
    async def handler(_request: Request) -> bytes:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if outcome == "another exception":
                raise LookupError("That is not there.") from None
        return b"{}"

    with pytest.raises(TimeoutError):
        await run_cancellable(Client().request, handler, Handler().must_finish, SHORT)


async def test_a_timeout_leaves_no_cancellation_pending_in_the_calling_task():
    with pytest.raises(TimeoutError):
        await run_cancellable(Client().request, Handler(), Handler().must_finish, SHORT)

    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
