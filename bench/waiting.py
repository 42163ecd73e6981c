"""Waiting for a condition."""

import time
from collections.abc import Callable

POLL_INTERVAL = 0.005


def wait_until(condition: Callable[[], object], timeout: float, interval: float = POLL_INTERVAL) -> bool:
    """Waits until the condition holds; returns whether it did within the timeout, in seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True
