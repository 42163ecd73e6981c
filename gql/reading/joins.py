"""Joins: the conditions on which the rows of a relation belong to their owner."""

import re
from dataclasses import dataclass
from typing import Final

from domain.predicate import ALWAYS, Predicate, all_of


@dataclass(frozen=True)
class JoinCondition:
    """The condition on which a row belongs to an owner.

    Attributes:
        condition: SQL over `{owner}` and `{row}`.
        column: The row's column that equals a column of its owner, where there is one.
        owner_column: The owner's column.
    """

    condition: Predicate
    column: str | None = None
    owner_column: str | None = None

    def on_owner(self, rule: Predicate) -> Predicate:
        """A rule about rows, with the owner's column in place of the row's: it is then checked once per owner."""
        if self.column is None:
            return rule
        column = re.compile(rf"\{{row\}}\.{self.column}\b")
        return rule.map_text(lambda text: column.sub(f"{{owner}}.{self.owner_column}", text))


NO_JOIN: Final = (JoinCondition(ALWAYS),)
"""For a query, which selects the rows of the owner by itself."""


def join_on(column: str, owner_column: str = "id", *, only: str | None = None) -> JoinCondition:
    """Joins the rows whose column equals a column of the owner.

    Args:
        column: The row's column.
        owner_column: The owner's column.
        only: SQL over `{owner}` that must also be true.
    """
    equality = f"{{row}}.{column} = {{owner}}.{owner_column}"
    return JoinCondition(all_of(equality, only) if only else Predicate(equality), column, owner_column)


Join = str | JoinCondition | tuple[JoinCondition, ...]
"""A declared join: SQL over `{owner}` and `{row}`, one condition, or several, of which no row meets two."""


def join_conditions(join: Join) -> tuple[JoinCondition, ...]:
    """The conditions of a declared join."""
    if isinstance(join, str):
        return (JoinCondition(Predicate(join)),)
    return (join,) if isinstance(join, JoinCondition) else join
