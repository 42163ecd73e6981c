"""An answer's head and its body go out together: one piece for the system to send, and one for the client to read."""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class JoinedAnswers(HttpToolsProtocol):
    """A connection over which each answer is sent as one piece, where it is there as one."""

    def on_headers_complete(self) -> None:
        """A request's head is whole: it will be answered through what joins."""
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast("asyncio.Transport", Joined(self.transport))


class Joined:
    """Where one answer is written; no head waits any longer than until the loop's next turn.

    Args:
        transport: Where it goes.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self.is_closing = transport.is_closing
        self._transport = transport
        self._head: bytes | None = None
        self._turn: asyncio.Handle | None = None

    def write(self, data: bytes) -> None:
        """Sends this: what comes first together with what follows at once."""
        if self._turn is None:
            self._head = data
            self._turn = asyncio.get_running_loop().call_soon(self._send_head)
        elif self._head is None:
            self._transport.write(data)
        else:
            self._turn.cancel()
            head, self._head = self._head, None
            self._transport.writelines((head, data))

    def close(self) -> None:
        """Sends what there is, and hangs up."""
        self._send_head()
        self._transport.close()

    def _send_head(self) -> None:
        if self._head is not None:
            head, self._head = self._head, None
            self._transport.write(head)
