"""Running a request handler with a timeout, and cancelling it when its client disconnects.

Most handlers finish at once, so the watchdog task starts only after a short delay.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request

Result = TypeVar("Result")
Handler = Callable[[Request], Coroutine[Any, Any, Result]]

WATCHDOG_DELAY: Final = 0.05
"""Seconds after which a handler that still runs is watched."""


class RequestTimeoutError(Exception):
    """The request was not received completely in time."""


async def run_cancellable(
    request: Request,
    handler: Handler[Result],
    must_finish: Callable[[Request], bool],
    seconds: float,
) -> Result:
    """Receives the request, runs the handler and returns its result.

    When the client disconnects, the handler is cancelled unless it must finish.

    Args:
        request: The request.
        handler: Called when the whole body was received.
        must_finish: Called when the client has disconnected; true if the handler changes something.
        seconds: The timeout for receiving the request, and then again for the handler.

    Raises:
        ClientDisconnect: The client disconnected.
        RequestTimeoutError: The request was not received in time.
        TimeoutError: The handler did not finish in time.
    """
    watchdog = _Watchdog(request, must_finish, seconds)
    try:
        await request.body()
        watchdog.body_received()
        return await handler(request)
    finally:
        await watchdog.stop()
        if watchdog.cancel_cause is not None:
            # Whatever the handler raised when cancelled: a library may have taken the cancellation for a failure.
            raise watchdog.cancel_cause from None


class _Watchdog:
    """Cancels the current task on a timeout, or when the client disconnects.

    Attributes:
        cancel_cause: Why the task was cancelled; None if it wasn't.
    """

    def __init__(self, request: Request, must_finish: Callable[[Request], bool], seconds: float) -> None:
        self.cancel_cause: Exception | None = None
        self._request = request
        self._must_finish = must_finish
        self._seconds = seconds
        self._handler_task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + seconds
        self._body_received = asyncio.Event()
        self._watchdog_task: asyncio.Task[None] | None = None
        self._start_timer = self._loop.call_later(min(WATCHDOG_DELAY, seconds), self._start)

    def body_received(self) -> None:
        """Starts the timeout of the handler."""
        self._deadline = self._loop.time() + self._seconds
        self._body_received.set()

    async def stop(self) -> None:
        """Stops watching."""
        handler_task, self._handler_task = self._handler_task, None
        self._start_timer.cancel()
        if self._watchdog_task is not None:
            self._watchdog_task.cancel()
            await asyncio.wait({self._watchdog_task})
        if handler_task is not None and self.cancel_cause is not None:
            handler_task.uncancel()

    def _start(self) -> None:
        self._watchdog_task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout_at(self._deadline):
                await self._body_received.wait()
            async with asyncio.timeout_at(self._deadline):
                await self._wait_for_cancelling_disconnect()
        except TimeoutError as timeout:
            self._cancel(timeout if self._body_received.is_set() else RequestTimeoutError())
        else:
            self._cancel(ClientDisconnect())

    async def _wait_for_cancelling_disconnect(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass  # the body was received completely; nothing else is expected
        if self._must_finish(self._request):
            # A mutation is carried out whether or not its client waits for the response.
            await self._loop.create_future()

    def _cancel(self, cause: Exception) -> None:
        if self._handler_task is not None:
            self.cancel_cause = cause
            self._handler_task.cancel()
