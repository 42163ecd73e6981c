"""Work for a client, who may be slow to ask, may leave before it is done, and isn't to wait for ever.

Most work is done in a moment: only what takes longer is watched.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request

Done = TypeVar("Done")
Work = Callable[[Request], Coroutine[Any, Any, Done]]

MOMENT: Final = 0.05
"""Seconds within which most work is done."""


class SlowRequestError(Exception):
    """A request did not come whole in time."""


async def attended(request: Request, work: Work[Done], changes: Callable[[Request], bool], patience: float) -> Done:
    """What comes of the work, unless the client leaves before: then the work stops, if it changes nothing.

    Args:
        request: The client's.
        work: What is done when the request has come whole.
        changes: Tells, when the client has left, whether the work changes anything.
        patience: Seconds in which the request has come, and then again in which the work is done.

    Raises:
        ClientDisconnect: The client left.
        SlowRequestError: The request has not come in time.
        TimeoutError: The work is not done in time.
    """
    watch = _Watch(request, changes, patience)
    try:
        await request.body()
        watch.came()
        return await work(request)
    finally:
        await watch.end()
        if watch.stopped_for is not None:
            # Whatever the work made of being stopped: a library on the way may take that for a failure of its own.
            raise watch.stopped_for from None


class _Watch:
    """Looks whether there is still somebody to work for, and time; stops whoever works if not.

    Attributes:
        stopped_for: Why nobody waits for the work any more.
    """

    def __init__(self, request: Request, changes: Callable[[Request], bool], patience: float) -> None:
        self.stopped_for: Exception | None = None
        self._request = request
        self._changes = changes
        self._patience = patience
        self._working = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + patience
        self._has_come = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._starting = self._loop.call_later(min(MOMENT, patience), self._start)

    def came(self) -> None:
        """The request has come whole."""
        self._until = self._loop.time() + self._patience
        self._has_come.set()

    async def end(self) -> None:
        """Watches no more."""
        working, self._working = self._working, None
        self._starting.cancel()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
        if working is not None and self.stopped_for is not None:
            working.uncancel()

    def _start(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout_at(self._until):
                await self._has_come.wait()
            async with asyncio.timeout_at(self._until):
                await self._left_and_changes_nothing()
        except TimeoutError as late:
            self._stop(late if self._has_come.is_set() else SlowRequestError())
        else:
            self._stop(ClientDisconnect())

    async def _left_and_changes_nothing(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass  # the request has come whole; what else comes is of no use
        if self._changes(self._request):
            # What somebody set going is carried out, whether or not they wait for the answer.
            await self._loop.create_future()

    def _stop(self, cause: Exception) -> None:
        if self._working is not None:
            self.stopped_for = cause
            self._working.cancel()
