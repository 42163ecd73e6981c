"""Opens the socket to the mail server, with a timeout of its own: the server's greeting may take much longer."""

import asyncio
import socket
from typing import Final

CONNECT_TIMEOUT: Final = 10.0
"""Seconds for resolving the server's name and connecting to one of its addresses."""


async def open_socket(host: str, port: int) -> socket.socket:
    """A socket that is connected to the first of the server's addresses that can be reached.

    Raises:
        OSError: None can be reached, or not in time; the error is that of the last address tried.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_TIMEOUT):
        addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        last_error = OSError("the name has no address")
        for family, kind, protocol, _, address in addresses:
            try:
                return await _connect(socket.socket(family, kind, protocol), address)
            except OSError as error:
                last_error = error
    raise last_error


async def _connect(unconnected: socket.socket, address: tuple[str | int | bytes, ...]) -> socket.socket:
    try:
        unconnected.settimeout(0)
        await asyncio.get_running_loop().sock_connect(unconnected, address)
    except BaseException:
        unconnected.close()
        raise
    return unconnected
