"""Whether the ports that the demo needs are free."""

import contextlib
import random
import socket
from collections.abc import Mapping
from typing import Final

from local.refusals import LocalStackError

BEYOND_CALLERS: Final = range(61_000, 65_000)
"""Where systems look for no port of their own accord: one that is free now still is when its part starts again."""


def free_ports(host: str, number: int) -> list[int]:
    """So many ports that nothing listens on, of those that nobody else is likely to want."""
    found: list[int] = []
    for port in random.sample(BEYOND_CALLERS, len(BEYOND_CALLERS)):
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind((host, port))
            found.append(port)
        if len(found) == number:
            return found
    raise LocalStackError(f"All ports from {BEYOND_CALLERS.start} to {BEYOND_CALLERS.stop - 1} are taken.")


def refuse_taken_ports(host: str, ports: Mapping[str, int]) -> None:
    """Makes sure that each part can listen on its port.

    Args:
        host: The address to listen on.
        ports: The port of each part, by the part's name.

    Raises:
        LocalStackError: A port is taken.
    """
    for part, port in ports.items():
        # As the servers do it themselves: a port whose connections are only fading away is free.
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError as refused:
                raise LocalStackError(
                    f"The {part} cannot listen on {host}:{port}: {refused.strerror}. "
                    f"Set PORT to another number; PORT, PORT+1 and PORT+2 are needed."
                ) from None
