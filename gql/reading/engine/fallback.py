"""Operations that the engine leaves to the ordinary executor, counted by reason."""

from collections import Counter
from typing import Any, Final, NoReturn

MAX_REASONS: Final = 200


class Fallback(Exception):  # noqa: N818  # a signal; nothing went wrong
    """The ordinary executor must execute this operation, because the engine can't.

    Attributes:
        reason: Why. It may name types and fields of the schema, but nothing that a client sent.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnexpectedValue(Exception):  # noqa: N818  # as above
    """A row isn't as declared; the ordinary executor reports that."""


def unexpected_value(*_value: Any) -> NoReturn:
    """Called by generated code where a value isn't one that the field may have.

    Raises:
        UnexpectedValue: Always.
    """
    raise UnexpectedValue


class EngineCounters:
    """Counts, since the process started, the operations that the engine answered, and its fallbacks by reason."""

    def __init__(self) -> None:
        self.answered = 0
        self._fallbacks: Counter[str] = Counter()

    def count_fallback(self, reason: str) -> None:
        """Counts an operation that is left to the ordinary executor."""
        known = reason in self._fallbacks or len(self._fallbacks) < MAX_REASONS
        self._fallbacks[reason if known else "other"] += 1

    @property
    def fallbacks(self) -> dict[str, int]:
        """The number of fallbacks by reason."""
        return dict(self._fallbacks)
