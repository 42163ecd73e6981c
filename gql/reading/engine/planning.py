"""Where an operation begins: the fields of Query that are asked for, or one row; compiled from there on."""

from collections.abc import Sequence
from typing import Any, Final

from graphql import FieldNode, GraphQLObjectType, OperationDefinitionNode

from gql.reading.engine.compile import Compiler
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.plan import Plan, plan_of
from gql.reading.engine.roots import ById, ByIds, ByValue, Every, Oneself
from gql.reading.engine.scopes import Level
from gql.reading.sources import SOURCES, Source

ROW: Final = "row"
"""What the answer calls the row of a plan for one row."""


def planned(compiler: Compiler, operation: OperationDefinitionNode) -> Plan:
    """Compiles the fields that a query asks for.

    Raises:
        NotCompiled: The ordinary executor must answer.
        BadArgument: An argument is wrong; the ordinary executor says so.
    """
    query = compiler.selection.schema.query_type
    if query is None:
        raise NotCompiled("no queries")
    roots = compiler.selection.fields(query, [operation])
    return plan_of(compiler, {key: _root(compiler, query, nodes) for key, nodes in roots.items()})


def planned_row(compiler: Compiler, source: str, nodes: Sequence[FieldNode]) -> Plan:
    """Compiles what is asked of one row, whose keys are the first values; the answer has it as `ROW`.

    Args:
        compiler: Compiles what is asked; told of as many values beside those of arguments as there are keys.
        source: The name of the row's type.
        nodes: Where it is asked for. Who asks may see the row.

    Raises:
        NotCompiled: As above.
        BadArgument: As above.
    """
    return plan_of(compiler, {ROW: _first(compiler, _given(compiler, SOURCES[source]), list(nodes))})


def _given(compiler: Compiler, source: Source) -> Level:
    """The level of one row whose keys are the first values."""
    level = Level(len(compiler.levels), source, single=True)
    keys = ", ".join(f"«{place}»::{kind} as {column}" for place, (column, kind) in enumerate(source.keys.items()))
    if source.model:
        level.conditions.append(f"{level.row.alias}.id = «0»::bigint")
    else:
        level.rows = f"(select {keys}) {level.row.alias}"
    return level


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
        level.conditions.append(compiler.sql(level.row.source.visible.aliased(level.row.alias)))
    return level


def _first(compiler: Compiler, level: Level, nodes: list[FieldNode]) -> str:
    return f"next(iter(m{compiler.level(level, compiler.kind(level.row.source), nodes)}.values()), None)"
