"""Compiles a whole query, or a selection on one row, to a plan."""

from collections.abc import Sequence
from typing import Any, Final

from graphql import FieldNode, GraphQLObjectType, OperationDefinitionNode

from gql.reading.engine.compiler import Compiler
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.plan import Plan, make_plan
from gql.reading.engine.root_lookups import AllRows, ByColumn, ById, ByIds, ViewerRow
from gql.reading.engine.scopes import Level
from gql.reading.sources import SOURCES, Source

ROW: Final = "row"
"""The key of the row in the data of a plan for one row."""


def plan_operation(compiler: Compiler, operation: OperationDefinitionNode) -> Plan:
    """Compiles the root fields of a query.

    Raises:
        Fallback: The ordinary executor must execute it.
        BadArgument: An argument is wrong; the ordinary executor reports it.
    """
    query = compiler.selection.schema.query_type
    if query is None:
        raise Fallback("no queries")
    fields = compiler.selection.fields(query, [operation])
    return make_plan(compiler, {key: _root_field(compiler, query, nodes) for key, nodes in fields.items()})


def plan_row(compiler: Compiler, source: str, nodes: Sequence[FieldNode]) -> Plan:
    """Compiles a selection on one row, whose keys are in the first slots; the data has it as `ROW`.

    Args:
        compiler: Its first free slot comes after those of the keys.
        source: The name of the row's type.
        nodes: The field nodes that select from the row. The viewer may see it.

    Raises:
        Fallback: As above.
        BadArgument: As above.
    """
    return make_plan(compiler, {ROW: _first_object(compiler, _row_level(compiler, SOURCES[source]), list(nodes))})


def _row_level(compiler: Compiler, source: Source) -> Level:
    """The level of one row whose keys are in the first slots."""
    level = Level(len(compiler.levels), source, is_single=True)
    keys = ", ".join(f"«{slot}»::{sql_type} as {column}" for slot, (column, sql_type) in enumerate(source.keys.items()))
    if source.model:
        level.conditions.append(f"{level.row.alias}.id = «0»::bigint")
    else:
        level.from_item = f"(select {keys}) {level.row.alias}"
    return level


def _root_field(compiler: Compiler, query: GraphQLObjectType, nodes: list[FieldNode]) -> str:
    name = nodes[0].name.value
    if name == "__typename":
        return repr(query.name)
    field = query.fields[name]
    resolver = getattr(field.extensions.get("strawberry-definition"), "root_resolver", None)
    match getattr(resolver, "lookup", None):
        case ById() as lookup:
            bound, slot = compiler.bind_arguments(field, nodes[0], lookup.bind)
            return _by_key(compiler, bound.shape, slot, nodes)
        case ByIds() as lookup:
            bound, slot = compiler.bind_arguments(field, nodes[0], lookup.bind)
            return _by_keys(compiler, bound.shape, slot, nodes)
        case ByColumn() as lookup:
            _, slot = compiler.bind_arguments(field, nodes[0], lookup.bind)
            level = _new_level(compiler, lookup.source, f"{{row}}.{lookup.column} = «{slot}»::text", checked=True)
            return _first_object(compiler, level, nodes)
        case AllRows() as lookup:
            level = _new_level(compiler, lookup.source, lookup.where, checked=False)
            level.order = f"{level.row.alias}.id"
            return f"list(m{compiler.add_level(level, compiler.object_type(level.row.source), nodes)}.values())"
        case ViewerRow() as lookup:
            level = Level(len(compiler.levels), SOURCES[lookup.source], is_single=True)
            level.from_item = f"(select {lookup.columns}) {level.row.alias}"
            return _first_object(compiler, level, nodes)
    raise Fallback(f"{query.name}.{name}")


def _by_key(compiler: Compiler, source: Any, slot: int, nodes: list[FieldNode]) -> str:
    if source is None:
        return "None"
    level = _new_level(compiler, source, f"{{row}}.id = «{slot}»::bigint", checked=True)
    level.is_single = True
    return _first_object(compiler, level, nodes)


def _by_keys(compiler: Compiler, sources: Any, slot: int, nodes: list[FieldNode]) -> str:
    objects = []
    for position, source in enumerate(sources):
        level = _new_level(compiler, source, f"{{row}}.id = any(«{slot + position}»::bigint[])", checked=True)
        number = compiler.add_level(level, compiler.object_type(level.row.source), nodes)
        objects.append(f"{source!r}: m{number}")
    return f"[{{None: {{}}, {', '.join(objects)}}}[name].get(key) for name, key in values[{slot + len(sources)}]]"


def _new_level(compiler: Compiler, source: str, condition: str, *, checked: bool) -> Level:
    level = Level(len(compiler.levels), SOURCES[source])
    level.conditions.append(f"({condition})".replace("{row}", level.row.alias))
    if checked and level.row.source.visible:
        level.conditions.append(compiler.sql(level.row.source.visible.aliased(level.row.alias)))
    return level


def _first_object(compiler: Compiler, level: Level, nodes: list[FieldNode]) -> str:
    number = compiler.add_level(level, compiler.object_type(level.row.source), nodes)
    return f"next(iter(m{number}.values()), None)"
