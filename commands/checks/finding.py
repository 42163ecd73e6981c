"""A finding of a check: the variable, the problem and its remedy."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a configuration, or one that may arise later.

    Attributes:
        variable: The variable that it is about, as the operator set it.
        problem: What is wrong; never contains a secret.
        remedy: What to do about it.
        is_error: Whether the program can't work this way; otherwise it is a warning.
    """

    variable: str
    problem: str
    remedy: str
    is_error: bool = True

    @property
    def line(self) -> str:
        """The finding as a line."""
        return f"{'' if self.is_error else 'warning: '}{self.variable}: {self.problem} {self.remedy}"


Check = Callable[[Settings], AsyncIterator[Finding]]
"""Checks one thing that the settings name, without leaving anything behind."""
