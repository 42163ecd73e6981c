"""A compiled operation: one statement, and one function that builds the answer from the row that it gives."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql.execution.values import VariableValues

from domain.actor import Actor
from domain.standing import Standing
from gql.reading.engine.arguments import Argued, ArgumentReader
from gql.reading.engine.compile import Compiler
from gql.reading.engine.facts import Facts, with_facts
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.statement import Statement

LONGEST: Final = 50_000
"""How long a statement is at most, in characters: each connection that runs it keeps some hundred times as many bytes.

What is wider than PostgreSQL takes (1,664 columns) is longer than that.
"""
_SLOT: Final = re.compile(r"«(\d+)»")
_PARAMETER: Final = re.compile(r"\$(\d+)")

Build = Callable[[Sequence[Any], Sequence[Any], Actor], dict[str, Any]]


@dataclass(frozen=True)
class Plan:
    """An operation compiled for one shape of its variables, and for those who have the same facts.

    Attributes:
        statement: The SQL.
        facts: The facts about the one who asks that the statement takes; they are its first values.
        used: Which of the values of the arguments it takes then, in order.
        build: Builds the answer's data from the row, the values of the arguments, and who asks.
        source: The text of that function.
    """

    statement: str
    facts: Facts
    used: tuple[int, ...]
    build: Build
    source: str
    _argued: tuple[Argued, ...]
    _decided: Mapping[str, object]
    _joined: dict[str, str] = field(default_factory=dict)

    def values(self, reader: ArgumentReader, variables: VariableValues) -> list[Any] | None:
        """The values of the arguments with these variables; None when the plan is for others."""
        if any(variables.coerced.get(name) != value for name, value in self._decided.items()):
            return None
        found: list[Any] = []
        for argued in self._argued:
            values = argued.values(reader, variables)
            if values is None:
                return None
            found += values
        return found

    def joined(self, other: str) -> str:
        """The statement beside another one: the other's columns come behind, empty where it gives no row.

        Args:
            other: The other one's SQL. The values of its parameters follow those that are `taken`.
        """
        if other not in self._joined:
            first = len(self.facts.names) + len(self.used)
            moved = _PARAMETER.sub(lambda number: f"${first + int(number[1])}", other)
            rows = f"({self.statement}) mine__ left join ({moved}) other__ on true"
            self._joined[other] = f"select mine__.*, other__.* from {rows}"
        return self._joined[other]

    def taken(self, standing: Standing, values: Sequence[Any]) -> list[Any]:
        """What the statement takes for somebody, with these values of the arguments."""
        return [*self.facts.values(standing), *(values[place] for place in self.used)]


def plan_of(compiler: Compiler, fields: Mapping[str, str]) -> Plan:
    """The plan of an operation whose levels are compiled.

    Args:
        compiler: What it was compiled by.
        fields: The code of each field of the answer, over the objects of the levels.

    Raises:
        NotCompiled: Its statement would be longer than a connection should keep.
    """
    template = Statement(compiler.levels)
    text, facts = with_facts(template.text, compiler.standing, compiler.facts)
    statement, used = _numbered(text, len(facts.names))
    if len(statement) > LONGEST:
        raise NotCompiled("long statement")
    source = template.builder(", ".join(f"{key!r}: {code}" for key, code in fields.items()))
    names = dict(compiler.names.known)
    exec(source, names)  # noqa: S102  # made of the schema's names and the answer's keys, which are GraphQL names
    return Plan(
        statement=statement,
        facts=facts,
        used=used,
        build=names["build"],
        source=source,
        _argued=tuple(compiler.argued),
        _decided=dict(compiler.selection.decided),
    )


def _numbered(statement: str, before: int) -> tuple[str, tuple[int, ...]]:
    """The statement with a number for each value behind those before, and which values these are."""
    used = tuple(sorted({int(slot) for slot in _SLOT.findall(statement)}))
    places = {slot: f"${place}" for place, slot in enumerate(used, before + 1)}
    return _SLOT.sub(lambda match: places[int(match[1])], statement), used
