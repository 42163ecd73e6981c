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
    working = asyncio.ensure_future(work)
    try:
        await asyncio.wait({working}, timeout=SHORT)
        if not working.done():
            await _done_or_left(request, working, changes)
        return await working
    finally:
        working.cancel()
        await asyncio.wait({working})


async def _done_or_left(request: Request, working: "asyncio.Future[Any]", changes: Callable[[], bool]) -> None:
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and changes():
            # What somebody set going is carried out, whether or not they wait for the answer.
            await asyncio.wait({working})
        if not working.done():
            raise ClientDisconnect
    finally:
        leaving.cancel()
        await asyncio.wait({leaving})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        """The body has been read; what comes is of no use."""
