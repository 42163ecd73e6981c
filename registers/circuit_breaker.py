"""A circuit breaker: while a register is down it gets no requests, and callers don't wait for it.

Why it is none of a library's: docs/decisions/0030.
"""

import time
from collections.abc import Callable
from typing import Final

FAILURE_THRESHOLD: Final = 5
RESET_TIMEOUT: Final = 10.0


class CircuitBreaker:
    """Opens after consecutive failures; after a timeout, one request at a time probes whether it may close.

    Args:
        failure_threshold: How many consecutive failures open it.
        reset_timeout: Seconds that it stays open before a probe.
        clock: A monotonic clock, in seconds.
    """

    def __init__(
        self,
        failure_threshold: int = FAILURE_THRESHOLD,
        reset_timeout: float = RESET_TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failure_threshold = failure_threshold
        self._reset_timeout = reset_timeout
        self._clock = clock
        self._consecutive_failures = 0
        self._opened_at: float | None = None
        self._probing = False

    def allows_request(self) -> bool:
        """May a request be sent now? The caller then records its outcome."""
        if self._opened_at is None:
            return True
        if self._probing or self._clock() - self._opened_at < self._reset_timeout:
            return False
        self._probing = True
        return True

    def record_success(self) -> None:
        """The register answered."""
        self._consecutive_failures, self._opened_at, self._probing = 0, None, False

    def record_failure(self) -> None:
        """The register didn't answer."""
        self._consecutive_failures += 1
        self._probing = False
        if self._consecutive_failures >= self._failure_threshold:
            self._opened_at = self._clock()

    def record_cancellation(self) -> None:
        """The request was cancelled, which says nothing about the register; another one may probe it."""
        self._probing = False
