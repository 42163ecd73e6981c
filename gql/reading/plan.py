"""A compiled operation: one statement, and one function that builds the answer from the row that it gives."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import FieldNode, GraphQLObjectType, OperationDefinitionNode
from graphql.execution.values import VariableValues

from domain.actor import Actor
from domain.standing import Standing
from gql.reading.arguments import Argued, Asking
from gql.reading.compile import Compiler
from gql.reading.facts import Facts, with_facts
from gql.reading.fallback import NotCompiled
from gql.reading.rooted import ById, ByIds, ByValue, Every, Oneself
from gql.reading.scopes import Level
from gql.reading.sources import SOURCES, Source
from gql.reading.written import Written

ROW: Final = "row"
"""What the answer calls the row of a plan for one row."""
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
    _tables: str
    _argued: tuple[Argued, ...]
    _decided: Mapping[str, object]
    _joined: dict[str, str] = field(default_factory=dict)

    def values(self, asking: Asking, variables: VariableValues) -> list[Any] | None:
        """The values of the arguments with these variables; None when the plan is for others."""
        if any(variables.coerced.get(name) != value for name, value in self._decided.items()):
            return None
        found: list[Any] = []
        for argued in self._argued:
            values = argued.values(asking, variables)
            if values is None:
                return None
            found += values
        return found

    def joined(self, other: str) -> str:
        """The statement with the row of another one: its columns come behind, empty where there is no row.

        Args:
            other: The other one's SQL. The values of its parameters follow those that are `taken`.
        """
        if other not in self._joined:
            first = len(self.facts.given) + len(self.used)
            moved = _PARAMETER.sub(lambda number: f"${first + int(number[1])}", other)
            told = self.statement.removesuffix(self._tables)
            self._joined[other] = f"{told}, other__.*{self._tables} left join ({moved}) other__ on true"
        return self._joined[other]

    def taken(self, standing: Standing, values: Sequence[Any]) -> list[Any]:
        """What the statement takes for somebody, with these values of the arguments."""
        return [*self.facts.values(standing), *(values[place] for place in self.used)]


def planned(compiler: Compiler, operation: OperationDefinitionNode) -> Plan:
    """Compiles the fields that a query asks for.

    Raises:
        NotCompiled: The ordinary executor must answer.
        BadPage: An argument is wrong; the ordinary executor says so.
    """
    query = compiler.selection.schema.query_type
    if query is None:
        raise NotCompiled("no queries")
    roots = compiler.selection.fields(query, [operation])
    return _plan(compiler, {key: _root(compiler, query, nodes) for key, nodes in roots.items()})


def planned_row(compiler: Compiler, source: str, nodes: Sequence[FieldNode]) -> Plan:
    """Compiles what is asked of one row, whose keys are the first values; the answer has it as `ROW`.

    Args:
        compiler: Compiles what is asked; told of as many values beside those of arguments as there are keys.
        source: The name of the row's type.
        nodes: Where it is asked for. Who asks may see the row.

    Raises:
        NotCompiled: As above.
        BadPage: As above.
    """
    return _plan(compiler, {ROW: _first(compiler, _given(compiler, SOURCES[source]), list(nodes))})


def _given(compiler: Compiler, source: Source) -> Level:
    """The level of one row whose keys are the first values."""
    level = Level(len(compiler.levels), source, single=True)
    keys = ", ".join(f"«{place}»::{kind} as {column}" for place, (column, kind) in enumerate(source.keys.items()))
    if source.model:
        level.conditions.append(f"{level.row.alias}.id = «0»::bigint")
    else:
        level.rows = f"(select {keys}) {level.row.alias}"
    return level


def _plan(compiler: Compiler, told: Mapping[str, str]) -> Plan:
    answered = ", ".join(f"{key!r}: {code}" for key, code in told.items())
    written = Written(compiler.levels)
    text, facts = with_facts(written.statement, compiler.standing)
    statement, used = _numbered(text, len(facts.given))
    if len(statement) > LONGEST:
        raise NotCompiled("long statement")
    source = written.function(answered)
    names = dict(compiler.names.known)
    exec(source, names)  # noqa: S102  # made of the schema's names and the answer's keys, which are GraphQL names
    return Plan(
        statement=statement,
        facts=facts,
        used=used,
        build=names["build"],
        source=source,
        _tables=written.tables,
        _argued=tuple(compiler.argued),
        _decided=dict(compiler.selection.decided),
    )


def _root(compiler: Compiler, query: GraphQLObjectType, nodes: list[FieldNode]) -> str:
    name = nodes[0].name.value
    if name == "__typename":
        return repr(query.name)
    field = query.fields[name]
    root = getattr(field.extensions.get("strawberry-definition"), "root", None)
    match getattr(root, "reading", None):
        case ById() as found:
            bound, slot = compiler.bound(field, nodes[0], found.bind)
            return _by_key(compiler, bound.shape, slot, nodes)
        case ByIds() as found:
            bound, slot = compiler.bound(field, nodes[0], found.bind)
            return _by_keys(compiler, bound.shape, slot, nodes)
        case ByValue() as found:
            _, slot = compiler.bound(field, nodes[0], found.bind)
            level = _level(compiler, found.source, f"{{row}}.{found.column} = «{slot}»::text", checked=True)
            return _first(compiler, level, nodes)
        case Every() as found:
            level = _level(compiler, found.source, found.where, checked=False)
            level.order = f"{level.row.alias}.id"
            return f"list(m{compiler.level(level, compiler.kind(level.row.source), nodes)}.values())"
        case Oneself() as found:
            level = Level(len(compiler.levels), SOURCES[found.source], single=True)
            level.rows = f"(select {found.columns}) {level.row.alias}"
            return _first(compiler, level, nodes)
    raise NotCompiled(f"{query.name}.{name}")


def _by_key(compiler: Compiler, source: Any, slot: int, nodes: list[FieldNode]) -> str:
    if source is None:
        return "None"
    level = _level(compiler, source, f"{{row}}.id = «{slot}»::bigint", checked=True)
    level.single = True
    return _first(compiler, level, nodes)


def _by_keys(compiler: Compiler, sources: Any, slot: int, nodes: list[FieldNode]) -> str:
    found = []
    for place, source in enumerate(sources):
        level = _level(compiler, source, f"{{row}}.id = any(«{slot + place}»::bigint[])", checked=True)
        number = compiler.level(level, compiler.kind(level.row.source), nodes)
        found.append(f"{source!r}: m{number}")
    return f"[{{None: {{}}, {', '.join(found)}}}[of].get(key) for of, key in B[{slot + len(sources)}]]"


def _level(compiler: Compiler, source: str, condition: str, *, checked: bool) -> Level:
    level = Level(len(compiler.levels), SOURCES[source])
    level.conditions.append(f"({condition})".replace("{row}", level.row.alias))
    if checked and level.row.source.visible:
        level.conditions.append(level.row.source.visible.on(level.row.alias))
    return level


def _first(compiler: Compiler, level: Level, nodes: list[FieldNode]) -> str:
    return f"next(iter(m{compiler.level(level, compiler.kind(level.row.source), nodes)}.values()), None)"


def _numbered(statement: str, before: int) -> tuple[str, tuple[int, ...]]:
    """The statement with a number for each value behind those before, and which values these are."""
    used = tuple(sorted({int(slot) for slot in _SLOT.findall(statement)}))
    places = {slot: f"${place}" for place, slot in enumerate(used, before + 1)}
    return _SLOT.sub(lambda match: places[int(match[1])], statement), used
