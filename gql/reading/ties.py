"""What ties the rows of a relation to their owner."""

import re
from dataclasses import dataclass
from typing import Final

from domain.predicate import ALWAYS, Predicate, all_of


@dataclass(frozen=True)
class Tie:
    """The condition on which a row is an owner's.

    Attributes:
        condition: SQL over `{owner}` and `{row}`.
        column: The row's column that holds a column of its owner, where that ties them.
        of_owner: The owner's column.
    """

    condition: Predicate
    column: str | None = None
    of_owner: str | None = None

    def asked_of_owner(self, rule: Predicate) -> Predicate:
        """A rule about rows: what it asks of the column that ties them is asked of the owner, once for all its rows."""
        if self.column is None:
            return rule
        column = re.compile(rf"\{{row\}}\.{self.column}\b")
        return rule.map_text(lambda text: column.sub(f"{{owner}}.{self.of_owner}", text))


UNTIED: Final = (Tie(ALWAYS),)
"""Rows of a query, which asks for the owner's alone by itself."""


def tied(column: str, of_owner: str = "id", *, only: str | None = None) -> Tie:
    """Rows whose column holds a column of the owner.

    Args:
        column: The row's.
        of_owner: The owner's.
        only: SQL over `{owner}` that must be true of it besides.
    """
    same = f"{{row}}.{column} = {{owner}}.{of_owner}"
    return Tie(all_of(same, only) if only else Predicate(same), column, of_owner)


Join = str | Tie | tuple[Tie, ...]
"""A tie as it is declared: SQL over `{owner}` and `{row}`, a column, or several for rows that no other one ties."""


def ties_of(join: Join) -> tuple[Tie, ...]:
    """The ties as declared."""
    if isinstance(join, str):
        return (Tie(Predicate(join)),)
    return (join,) if isinstance(join, Tie) else join
