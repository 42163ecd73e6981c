"""The ports of a demo: those that its user gave, and those that are anybody's."""

import contextlib
import socket
import sys
from collections.abc import Iterator, Mapping
from typing import Final

from local.refusals import LocalStackError

HOLDS: Final = sys.platform == "linux"
"""Whether a socket that is bound and doesn't listen lets another one listen; elsewhere ports are found, and let go."""


@contextlib.contextmanager
def held_ports(host: str, number: int) -> Iterator[range]:
    """So many ports in a row that the system gives to nobody else while the block lasts.

    A port that is found free and let go may be somebody's by the time it is used. To each of these a socket is bound
    that doesn't listen; whoever is told the port can listen on it all the same, and again after a restart.

    Args:
        host: The address to listen on.
        number: How many.
    """
    with contextlib.ExitStack() as held:
        while not (row := _row(host, number, held)):
            pass
        if not HOLDS:
            held.close()
        yield row


def _row(host: str, number: int, held: contextlib.ExitStack) -> range | None:
    """A row that is held from now on, beginning wherever the system says; None where it is too short."""
    with contextlib.ExitStack() as tried:
        first: int = tried.enter_context(_bound(host, 0)).getsockname()[1]
        row = range(first, first + number)
        try:
            for port in row[1:]:
                tried.enter_context(_bound(host, port))
        except (OSError, OverflowError):
            return None
        held.enter_context(tried.pop_all())
        return row


def _bound(host: str, port: int) -> socket.socket:
    """A socket that keeps nobody who names the port from listening on it, unless somebody listens already."""
    made = socket.socket()
    try:
        # As the servers do it themselves: a port whose connections are only fading away is free.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except BaseException:
        made.close()
        raise
    return made


def refuse_taken_ports(host: str, ports: Mapping[str, int]) -> None:
    """Makes sure that each part can listen on its port.

    Args:
        host: The address to listen on.
        ports: The port of each part, by the part's name.

    Raises:
        LocalStackError: A port is taken.
    """
    for part, port in ports.items():
        try:
            _bound(host, port).close()
        except OSError as refused:
            raise LocalStackError(
                f"The {part} cannot listen on {host}:{port}: {refused.strerror}. "
                f"Set PORT to another number; PORT, PORT+1 and PORT+2 are needed."
            ) from None
