"""Sends the headers and the body of a response in one write, for one system call here and one read at the client."""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class CoalescingProtocol(HttpToolsProtocol):
    """A connection whose responses are sent in one write where headers and body are there at once."""

    def on_headers_complete(self) -> None:
        """The request's headers are complete: has its response written through a `CoalescingTransport`."""
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast("asyncio.Transport", CoalescingTransport(self.transport))


class CoalescingTransport:
    """Holds the first write of a response back until the second, or until the next iteration of the event loop.

    Args:
        transport: The connection's transport.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self.is_closing = transport.is_closing
        self._transport = transport
        self._headers: bytes | None = None
        self._flush_handle: asyncio.Handle | None = None

    def write(self, data: bytes) -> None:
        """Buffers the first write, sends the second together with it, and every later one at once."""
        if self._flush_handle is None:
            self._headers = data
            self._flush_handle = asyncio.get_running_loop().call_soon(self._flush)
        elif self._headers is None:
            self._transport.write(data)
        else:
            self._flush_handle.cancel()
            headers, self._headers = self._headers, None
            self._transport.writelines((headers, data))

    def close(self) -> None:
        """Sends what is buffered and closes the connection."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._headers is not None:
            headers, self._headers = self._headers, None
            self._transport.write(headers)
