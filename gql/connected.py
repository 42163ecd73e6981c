"""Work for a client that may leave before it is done."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, cast

from starlette.requests import ClientDisconnect, Request

SHORT: Final = 0.05
"""Seconds within which most work is done: only then does anybody look whether the client is still there."""


class WhileConnected:
    """Has the block stop when the client leaves before it is done, unless it changes something.

    What somebody set going is carried out, whether or not they wait for the answer.

    Args:
        request: The client's, whose body has been read.
        changes: Tells, when the client has left, whether the block changes anything.
    """

    def __init__(self, request: Request, changes: Callable[[], bool]) -> None:
        self._request = request
        self._changes = changes
        self._watching: asyncio.Task[None] | None = None
        self._stopped = False

    async def __aenter__(self) -> None:
        """Begins the block."""
        # Only a task enters a block.
        self._working = cast("asyncio.Task[Any]", asyncio.current_task())
        self._stopping = self._working.cancelling()
        self._look = asyncio.get_running_loop().call_later(SHORT, self._watch)

    def _watch(self) -> None:
        self._watching = asyncio.ensure_future(self._stop_when_left())

    async def _stop_when_left(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            """The body has been read; what comes is of no use."""
        if not self._changes():
            self._stopped = True
            self._working.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends it.

        Raises:
            ClientDisconnect: The client left, and the block was stopped for that.
        """
        del trace
        self._look.cancel()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
        # Somebody else may have stopped it, too; that is not ours to hide.
        if self._stopped and self._working.uncancel() <= self._stopping and kind is asyncio.CancelledError:
            raise ClientDisconnect from raised
