"""What a check finds: the variable, what is wrong with it, and what would be right."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a configuration, or will be one day.

    Attributes:
        variable: The variable that it is about, as the operator set it.
        wrong: What is wrong; never the value of a secret.
        right: What would be right.
        serious: Whether the program can't do its work so; otherwise it is a warning.
    """

    variable: str
    wrong: str
    right: str
    serious: bool = True

    @property
    def line(self) -> str:
        """The finding as a line."""
        return f"{'' if self.serious else 'warning: '}{self.variable}: {self.wrong} {self.right}"


Check = Callable[[Settings], AsyncIterator[Finding]]
"""Looks at one thing that the settings name; it leaves nothing behind."""
