"""A fragment of SQL over one row and facts about the actor, with conditions as its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from domain.standing import FACT

if TYPE_CHECKING:
    from domain.predicate import Predicate

FactCounts = Mapping[str, int]
"""How many keys each fact about an actor holds: `Standing.fact_counts`."""


@dataclass(frozen=True, eq=False)
class Sql:
    """A fragment of SQL.

    Attributes:
        template: `{row}` stands for the row's table or alias, `:name` for a fact of the actor's standing, `{0}`, `{1}`
            … for the parts.
        parts: The conditions in it.
    """

    template: str
    parts: tuple["Predicate", ...] = ()

    @cached_property
    def text(self) -> str:
        """The SQL with its parts; the row and the facts are still placeholders."""
        return self._render()

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts about the actor that it names."""
        return frozenset(FACT.findall(self.text))

    def sql_for(self, row: str) -> str:
        """The text for the table or alias `row`, in parentheses; the facts are still placeholders."""
        return "(" + self.text.replace("{row}", row) + ")"

    def aliased(self, row: str) -> Self:
        """The same for the table or alias `row`."""
        return self.map_text(lambda text: text.replace("{row}", row))

    def map_text(self, change: Callable[[str], str]) -> Self:
        """The same with each of its templates changed."""
        parts = tuple(part.map_text(change) for part in self.parts)
        return replace(self, template=change(self.template), parts=parts)

    def replace_parts(self, change: "Callable[[Predicate], Predicate | None]") -> Self:
        """The same with another condition in place of each part for which `change` returns one."""
        return replace(self, parts=tuple(change(part) or part.replace_parts(change) for part in self.parts))

    def simplified(self, counts: FactCounts) -> "Sql":
        """The same for actors whose facts hold so many keys, without what is never true of them."""
        return replace(self, parts=tuple(part.simplified(counts) for part in self.parts))

    def _render(self) -> str:
        text = self.template
        for number, part in enumerate(self.parts):
            text = text.replace(f"{{{number}}}", part.text)
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sql) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def as_sql(sql: str | Sql) -> Sql:
    """The SQL; a string becomes SQL without parts."""
    return Sql(sql) if isinstance(sql, str) else sql
