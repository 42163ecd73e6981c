"""The head of a request, before there is anything to answer: read no further than it may be long, nor waited for long.

A proxy in front does the same; nobody is to need one for this.
"""

import asyncio
from typing import Any, Final

from gql.http.joined_answers import JoinedAnswers

LONGEST: Final = 64 * 1024
"""Bytes of a request's line and headers, or of what stands between the pieces of a body that comes in chunks."""
PATIENCE: Final = 15.0
"""Seconds in which a head comes, from the connection or its own first byte on."""
FAREWELL: Final = 1.0
"""Seconds in which a client that said too much reads the answer."""
_TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class AmbiguousHostError(Exception):
    """A request names several hosts: whoever stands before us may have read another one than we would."""


class BoundedHeads(JoinedAnswers):
    """A connection whose client says something, or is sent away."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._meaningless = 0
        self._begun = False
        self._refused = False
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library has it
        """Waits for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on, unless too much came that is neither a whole head nor a piece of a body."""
        if self._refused:
            return
        self._meaningless += len(data)
        super().data_received(data)
        if self._meaningless > LONGEST and not self.transport.is_closing():
            self._refuse()
        elif self._begun and self._waiting is None:
            self._wait()

    def on_message_begin(self) -> None:
        """A request begins; most come whole at once, and nobody waits for the rest of their heads."""
        super().on_message_begin()
        self._begun = True
        self._wait_no_more()

    def on_headers_complete(self) -> None:
        """Its head is whole.

        Raises:
            AmbiguousHostError: To the parser, upon which the library answers 400 (RFC 9112, 3.2).
        """
        if [name for name, _ in self.headers].count(b"host") > 1:
            raise AmbiguousHostError
        self._meaningless = 0
        self._begun = False
        self._wait_no_more()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of its body."""
        self._meaningless = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it."""
        self._meaningless = 0
        super().on_message_complete()

    def _refuse(self) -> None:
        """Says why, and hears the client out for a moment: the system takes an answer back where bytes are unread."""
        self._wait_no_more()
        self._refused = True
        self.transport.write(_TOO_LONG)
        self.transport.write_eof()
        self._waiting = self.loop.call_later(FAREWELL, self.transport.close)

    def _wait(self) -> None:
        self._wait_no_more()
        self._waiting = self.loop.call_later(PATIENCE, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
