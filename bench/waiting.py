"""What the measurements wait for, and where their servers listen."""

import socket
import time
from collections.abc import Callable

EVERY = 0.005


def until(condition: Callable[[], object], patience: float, every: float = EVERY) -> bool:
    """Waits until the condition holds; answers whether it came to that within so many seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port
