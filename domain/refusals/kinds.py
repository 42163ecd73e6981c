"""The base of all refusals: a stable code, the facts, and the input field."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Final

_WORD_START: Final = re.compile(r"(?<!^)(?=[A-Z])")


class ErrorCode(StrEnum):
    """The kinds of refusals."""

    INVALID = "INVALID"
    REQUIRED = "REQUIRED"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    TAKEN = "TAKEN"
    STALE = "STALE"
    CONFLICT = "CONFLICT"
    EXPIRED = "EXPIRED"
    UNAVAILABLE = "UNAVAILABLE"


class Refusal(Exception):  # noqa: N818  # a refusal is an answer, not an error of the program
    """A refusal by a rule, with its facts.

    Attributes:
        code: The kind of refusal.
        message: The message in English, with `{names}` of facts; the API translates it.
        path: The input field, in the API's names; empty for the whole input.
        facts: The values in the message, by name.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INVALID
    message: ClassVar[str]

    def __init__(self, *path: str | int, **facts: Any) -> None:
        super().__init__(self.name())
        self.path = tuple(str(part) for part in path)
        self.facts = facts

    @property
    def refusals(self) -> "tuple[Refusal, ...]":
        """The refusal itself, so that it can be handled like `Refusals`."""
        return (self,)

    @classmethod
    def name(cls) -> str:
        """The rule's name in the API, such as `CONTRACT_ENDED`."""
        return _WORD_START.sub("_", cls.__name__).upper()


class Refusals(Exception):  # noqa: N818  # as above
    """Several refusals of one input, so that a form can show them all."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(", ".join(refusal.name() for refusal in refusals))
        self.refusals = tuple(refusals)


class Findings:
    """Collects the refusals of one input."""

    def __init__(self) -> None:
        self._refusals: list[Refusal] = []

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The refusals so far."""
        return tuple(self._refusals)

    def add(self, refusal: Refusal) -> None:
        """Adds a refusal."""
        self._refusals.append(refusal)

    def raise_if_any(self) -> None:
        """Raises the refusals that were added.

        Raises:
            Refusals: At least one was added.
        """
        if self._refusals:
            raise Refusals(self._refusals)
