"""A piece of SQL over one row and facts about the one who asks, in which conditions stand as parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from domain.standing import FACT

if TYPE_CHECKING:
    from domain.predicate import Predicate

Held = Mapping[str, int]
"""How many keys each fact about somebody holds, as `Standing.held` tells."""


@dataclass(frozen=True, eq=False)
class Sql:
    """A piece of SQL.

    Attributes:
        template: `{row}` stands for the row's table or alias, `:name` for a fact of the asker's standing, `{0}`, `{1}`
            … for the parts.
        parts: The conditions that stand in it.
    """

    template: str
    parts: tuple["Predicate", ...] = ()

    @cached_property
    def text(self) -> str:
        """The SQL, whoever asks; row and facts are still to be put in."""
        return self._written()

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts about the asker that it names."""
        return frozenset(FACT.findall(self.text))

    def on(self, row: str) -> str:
        """The SQL about the row that `row` names, in brackets, whoever asks; facts are still to be bound."""
        return "(" + self.text.replace("{row}", row) + ")"

    def of(self, row: str) -> Self:
        """The same about the row that `row` names."""
        return self.reworded(lambda text: text.replace("{row}", row))

    def reworded(self, change: Callable[[str], str]) -> Self:
        """The same with each of its texts changed."""
        parts = tuple(part.reworded(change) for part in self.parts)
        return replace(self, template=change(self.template), parts=parts)

    def replaced(self, change: "Callable[[Predicate], Predicate | None]") -> Self:
        """The same with another condition in place of each part for which `change` gives one."""
        return replace(self, parts=tuple(change(part) or part.replaced(change) for part in self.parts))

    def known(self, held: Held) -> "Sql":
        """The same for people who hold as many keys of each fact, without what is never true of them."""
        return replace(self, parts=tuple(part.known(held) for part in self.parts))

    def _written(self) -> str:
        text = self.template
        for number, part in enumerate(self.parts):
            text = text.replace(f"{{{number}}}", part.text)
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sql) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def sql_of(given: str | Sql) -> Sql:
    """SQL without parts, where it is given as a text."""
    return Sql(given) if isinstance(given, str) else given
