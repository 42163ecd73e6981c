"""Work for a client that may leave before it is done."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request

Done = TypeVar("Done")

SHORT: Final = 0.05
"""Seconds within which most work is done: only then does anybody look whether the client is still there."""


async def while_connected(request: Request, work: Coroutine[Any, Any, Done], changes: Callable[[], bool]) -> Done:
    """What comes of the work, unless the client leaves before: then the work stops, if it changes nothing.

    Args:
        request: The client's, whose body has been read.
        work: What is done for the client.
        changes: Tells, when the client has left, whether the work changes anything.

    Raises:
        ClientDisconnect: The client left.
    """
    # A task of its own: nobody waits on for it, even if a library on the way took its cancellation for a failure.
    working = asyncio.create_task(work)
    awaited = asyncio.shield(working)
    watch = _Watch(request, awaited, changes)
    try:
        return await awaited
    except asyncio.CancelledError:
        if watch.left:
            raise ClientDisconnect from None
        raise
    finally:
        await watch.end()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})


class _Watch:
    """Has nobody wait for work when its client has left, if it changes nothing.

    Attributes:
        left: Whether that was done.
    """

    def __init__(self, request: Request, awaited: "asyncio.Future[Any]", changes: Callable[[], bool]) -> None:
        self.left = False
        self._request = request
        self._awaited = awaited
        self._changes = changes
        self._watching: asyncio.Task[None] | None = None
        self._looking = asyncio.get_running_loop().call_later(SHORT, self._begin)

    def _begin(self) -> None:
        self._watching = asyncio.create_task(self._wait_for_leaving())

    async def _wait_for_leaving(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            """The body has been read; what comes is of no use."""
        # What somebody set going is carried out, whether or not they wait for the answer.
        if not self._changes():
            self.left = self._awaited.cancel()

    async def end(self) -> None:
        self._looking.cancel()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
