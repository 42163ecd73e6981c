"""What the engine leaves to the ordinary executor, which answers everything, and how often it did and why."""

from collections import Counter
from typing import Any, Final, NoReturn

MOST_REASONS: Final = 200


class NotCompiled(Exception):  # noqa: N818  # it says what is so, nothing went wrong
    """The engine doesn't read this operation; the ordinary executor does.

    Attributes:
        reason: Why, in words that name types and fields of the schema and nothing that a client gave.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Surprise(Exception):  # noqa: N818  # as above
    """A row isn't as the declarations promise; the ordinary executor knows how to say so."""


def surprise(*_found: Any) -> NoReturn:
    """Called by generated code where a value is none that it may be.

    Raises:
        Surprise: Always.
    """
    raise Surprise


class Fallbacks:
    """Counts, since the program started, how often the engine answered and why it didn't."""

    def __init__(self) -> None:
        self.answered = 0
        self._reasons: Counter[str] = Counter()

    def count(self, reason: str) -> None:
        """One more operation that the ordinary executor answers."""
        known = reason in self._reasons or len(self._reasons) < MOST_REASONS
        self._reasons[reason if known else "other"] += 1

    @property
    def reasons(self) -> dict[str, int]:
        """How often each reason came up."""
        return dict(self._reasons)
