"""Whether it makes sense to ask: a register that is down is left alone for a while, and nobody waits for it.

A circuit breaker. Why it is none of a library's: docs/decisions/0030.
"""

import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 5
REST: Final = 10.0


class Circuit:
    """Opens after several failures in a row; after a rest one question at a time finds out whether it may close.

    Args:
        failures: How many in a row open it.
        rest: Seconds that it stays open.
        clock: Tells seconds that only go forward.
    """

    def __init__(
        self, failures: int = FAILURES, rest: float = REST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures = failures
        self._rest = rest
        self._clock = clock
        self._in_a_row = 0
        self._opened_at: float | None = None
        self._probing = False

    def closed(self) -> bool:
        """May a question be asked now? Whoever is told so says afterwards what became of it."""
        if self._opened_at is None:
            return True
        if self._probing or self._clock() - self._opened_at < self._rest:
            return False
        self._probing = True
        return True

    def answered(self) -> None:
        """The register answered."""
        self._in_a_row, self._opened_at, self._probing = 0, None, False

    def failed(self) -> None:
        """The register didn't answer."""
        self._in_a_row += 1
        self._probing = False
        if self._in_a_row >= self._failures:
            self._opened_at = self._clock()

    def undecided(self) -> None:
        """The question was given up; somebody else may find out."""
        self._probing = False
