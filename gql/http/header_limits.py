"""The maximum size of request headers, and the time in which they must arrive.

A proxy in front does the same; the API is safe without one.
"""

import asyncio
from typing import Any, Final

from gql.http.write_coalescing import CoalescingProtocol

MAX_HEADER_BYTES: Final = 64 * 1024
"""The size of a request line and headers, and of what stands between two chunks of a chunked body."""
HEADER_TIMEOUT: Final = 15.0
"""Seconds in which the headers must arrive, from the connection or their own first byte on."""
LINGERING_TIMEOUT: Final = 1.0
"""Seconds that a connection stays open after a 431, so that the client reads the response."""
_HEADERS_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class AmbiguousHostError(Exception):
    """A request has several Host headers: a proxy may have used another one than we would."""


class HeaderLimitsProtocol(CoalescingProtocol):
    """Closes connections whose headers are too large, or don't arrive in time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._bytes_since_progress = 0
        self._in_headers = False
        self._rejected = False
        self._close_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library has it
        """Starts the header timeout."""
        super().connection_made(transport)
        self._close_after(HEADER_TIMEOUT)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the header timeout."""
        self._cancel_close()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parses data, and rejects the request when too much completes neither headers nor a part of a body."""
        if self._rejected:
            return
        self._bytes_since_progress += len(data)
        super().data_received(data)
        if self._bytes_since_progress > MAX_HEADER_BYTES and not self.transport.is_closing():
            self._reject()
        elif self._in_headers and self._close_timer is None:
            self._close_after(HEADER_TIMEOUT)

    def on_message_begin(self) -> None:
        """A request begins. Most arrive in one piece, so no timeout is started for the rest of their headers yet."""
        super().on_message_begin()
        self._in_headers = True
        self._cancel_close()

    def on_headers_complete(self) -> None:
        """The headers are complete.

        Raises:
            AmbiguousHostError: To the parser, upon which the library responds 400 (RFC 9112, 3.2).
        """
        if [name for name, _ in self.headers].count(b"host") > 1:
            raise AmbiguousHostError
        self._bytes_since_progress = 0
        self._in_headers = False
        self._cancel_close()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body was received."""
        self._bytes_since_progress = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request was received completely."""
        self._bytes_since_progress = 0
        super().on_message_complete()

    def _reject(self) -> None:
        """Responds 431 and closes after a delay: closing with unread bytes would reset the connection at once."""
        self._rejected = True
        self.transport.write(_HEADERS_TOO_LARGE)
        self.transport.write_eof()
        self._close_after(LINGERING_TIMEOUT)

    def _close_after(self, seconds: float) -> None:
        self._cancel_close()
        self._close_timer = self.loop.call_later(seconds, self.transport.close)

    def _cancel_close(self) -> None:
        if self._close_timer is not None:
            self._close_timer.cancel()
            self._close_timer = None
