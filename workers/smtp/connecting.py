"""A socket to the mail server: how long that may take is another matter than how long the server takes to greet."""

import asyncio
import socket
from typing import Final

CONNECT_TIMEOUT: Final = 10.0
"""Seconds for finding the server's addresses and reaching one of them."""


async def connected_socket(host: str, port: int) -> socket.socket:
    """A socket to the first of the server's addresses that can be reached.

    Raises:
        OSError: None can, or not in time; what came of the last one that was tried.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_TIMEOUT):
        addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        unreachable = OSError("the name has no address")
        for family, kind, protocol, _, address in addresses:
            try:
                return await _connected(socket.socket(family, kind, protocol), address)
            except OSError as error:
                unreachable = error
    raise unreachable


async def _connected(unconnected: socket.socket, address: tuple[str | int | bytes, ...]) -> socket.socket:
    try:
        unconnected.settimeout(0)
        await asyncio.get_running_loop().sock_connect(unconnected, address)
    except BaseException:
        unconnected.close()
        raise
    return unconnected
