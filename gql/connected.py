"""Work for a client that may leave before it is done."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

Done = TypeVar("Done")


async def while_connected(request: Request, work: Coroutine[Any, Any, Done], changes: Callable[[], bool]) -> Done:
    """What comes of the work, unless the client leaves before: then the work stops, if it changes nothing.

    Args:
        request: The client's, whose body has been read.
        work: What is done for the client.
        changes: Tells, when the client has left, whether the work changes anything.

    Raises:
        ClientDisconnect: The client left.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and changes():
            # What somebody set going is carried out, whether or not they wait for the answer.
            await asyncio.wait({working})
        if not working.done():
            raise ClientDisconnect
        return await working
    finally:
        for task in (leaving, working):
            task.cancel()
        await asyncio.wait({leaving, working})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        """The body has been read; what comes is of no use."""
