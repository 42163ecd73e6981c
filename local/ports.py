"""The ports of a stack: checks those that its user chose, and reserves any others."""

import contextlib
import socket
import sys
from collections.abc import Iterator, Mapping
from typing import Final

from local.errors import LocalStackError

CAN_RESERVE: Final = sys.platform == "linux"
"""Whether a socket that is bound but doesn't listen lets another one listen; elsewhere ports are only found free."""


@contextlib.contextmanager
def reserve_ports(host: str, number: int) -> Iterator[range]:
    """Reserves consecutive ports, which the system assigns to nobody else while the block lasts.

    A port that is found free and released may be taken by the time it is used. To each of these a socket is bound that
    doesn't listen; a server can still listen on the port, and again after a restart.

    Args:
        host: The address to listen on.
        number: How many.
    """
    with contextlib.ExitStack() as reserved:
        while not (ports := _try_reserve(host, number, reserved)):
            pass
        if not CAN_RESERVE:
            reserved.close()
        yield ports


def _try_reserve(host: str, number: int, reserved: contextlib.ExitStack) -> range | None:
    """Reserves consecutive ports from a random one on; None if one of them is taken."""
    with contextlib.ExitStack() as sockets:
        first: int = sockets.enter_context(_bind(host, 0)).getsockname()[1]
        ports = range(first, first + number)
        try:
            for port in ports[1:]:
                sockets.enter_context(_bind(host, port))
        except (OSError, OverflowError):
            return None
        reserved.enter_context(sockets.pop_all())
        return ports


def _bind(host: str, port: int) -> socket.socket:
    """Binds a socket that lets another one listen on the port; fails if one listens already."""
    bound = socket.socket()
    try:
        # As the servers do it themselves: a port with connections in TIME_WAIT alone is free.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except BaseException:
        bound.close()
        raise
    return bound


def check_ports_free(host: str, ports: Mapping[str, int]) -> None:
    """Makes sure that each service can listen on its port.

    Args:
        host: The address to listen on.
        ports: The port of each service, by the service's name.

    Raises:
        LocalStackError: A port is taken.
    """
    for service, port in ports.items():
        try:
            _bind(host, port).close()
        except OSError as error:
            raise LocalStackError(
                f"The {service} cannot listen on {host}:{port}: {error.strerror}. "
                f"Set PORT to another number; PORT, PORT+1 and PORT+2 are needed."
            ) from None
