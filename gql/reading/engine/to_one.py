"""Compiles fields that lead to one row: the one that a key points at, an embedded one, the first row of a query."""

from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLField

from domain.sql import Sql
from gql.reading.engine.arguments import BoundArguments, Slot, Slots
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.nested_lists import nested_lists
from gql.reading.engine.scopes import KeyReference, Row
from gql.reading.fields import DeclaredField
from gql.reading.queries import SqlRow
from gql.reading.relations import Embedded, Polymorphic, ToOne
from gql.reading.sources import nodes_by_model
from gql.reading.targets import target_of

if TYPE_CHECKING:
    from gql.reading.engine.compiler import Compiler


def compile_to_one(
    compiler: "Compiler", row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]
) -> str:
    """The code of a field that leads to one row.

    Raises:
        Fallback: It isn't one, or may be of any type inside a nested list.
    """
    match declared.resolution:
        case ToOne() as relation:
            return _to_one(compiler, row, declared, relation, nodes)
        case Polymorphic() as relation:
            return _polymorphic(compiler, row, relation, nodes)
        case Embedded(columns=columns):
            return _first_row(compiler, row, declared, Sql(f"select {columns}"), nodes)
        case SqlRow() as relation:
            return _first_row(compiler, row, declared, _bound_query(compiler, field, relation, nodes[0]), nodes)
    raise Fallback(f"{row.source.name}.{declared.python_name}")


def _to_one(compiler: "Compiler", row: Row, declared: DeclaredField, relation: ToOne, nodes: list[FieldNode]) -> str:
    target = target_of(declared)
    source, object_type, checked = target.source, compiler.object_type(target.source), relation.is_checked(target)
    key = compiler.sql(relation.key.aliased(row.alias)) if relation.key else row.column(f"{declared.python_name}_id")
    has_lists = nested_lists(compiler.selection, object_type, nodes).of_rows
    if (has_lists or row.scope.in_page) and not row.scope.is_nested:
        # Only objects with lists are shared: others are serialised as fast as they are looked up.
        number = compiler.add_referenced_level(row, key, source, nodes, checked=checked, shared=has_lists)
        variable = row.scope.variable_for(key)
        return f"m{number}.get({variable})" if target.optional else f"m{number}[{variable}]"
    joined = Row(row.scope, compiler.new_alias("j"), source)
    rule = f" and {compiler.sql(source.visible.aliased(joined.alias))}" if checked and source.visible else ""
    row.scope.joins.append(f"left join {source.table} {joined.alias} on {joined.alias}.id = {key}{rule}")
    code = compiler.object_code(joined, object_type, nodes)
    if not target.optional and relation.key is None and row.source.model is not None:
        return code
    return f"({code} if {joined.variable('id')} is not None else {_absent(target.optional)})"


def _polymorphic(compiler: "Compiler", row: Row, relation: Polymorphic, nodes: list[FieldNode]) -> str:
    """The code of a row of any entity: a level for each."""
    if row.scope.is_nested:
        raise Fallback("rows of any type inside rows inside rows")
    model_column = row.column(f"{relation.stem}_type")
    key = compiler.sql(relation.key.aliased(row.alias)) if relation.key else row.column(f"{relation.stem}_id")
    columns = row.scope.add_column(key), row.scope.add_column(model_column)
    objects = []
    for model, source in nodes_by_model().items():
        keys = KeyReference(row.scope, *columns, model)
        number = compiler.add_level_of_keys(keys, source, nodes, checked=True, shared=True)
        objects.append(f"{model!r}: m{number}")
    model_variable, key_variable = row.scope.variable_for(model_column), row.scope.variable_for(key)
    return f"polymorphic_object({{{', '.join(objects)}}}, {model_variable}, {key_variable})"


def _bound_query(compiler: "Compiler", field: GraphQLField, relation: SqlRow, node: FieldNode) -> Sql:
    """The query of a relation with the slots of its arguments."""
    bound, first = compiler.bind_arguments(
        field, node, lambda arguments: BoundArguments(None, relation.values(arguments))
    )
    slots = [Slot(first + index) for index in range(len(bound.values))]
    parameters = dict(zip(relation.arguments, zip(slots, relation.sql_types, strict=True), strict=True))
    return relation.query.map_text(lambda text: Slots().bind_named(text, parameters))


def _first_row(compiler: "Compiler", row: Row, declared: DeclaredField, query: Sql, nodes: list[FieldNode]) -> str:
    """The code of the first row of a query about a row; there is none where the guard doesn't hold."""
    target = target_of(declared)
    first_row = Row(row.scope, compiler.new_alias("f"), target.source)
    where = f" where {compiler.sql(declared.guard.aliased(row.alias))}" if declared.guard else ""
    row.scope.joins.append(
        f"left join lateral (select true as found__, query__.* from ({compiler.sql(query.aliased(row.alias))}) query__"
        f"{where} limit 1) {first_row.alias} on true"
    )
    code = compiler.object_code(first_row, compiler.object_type(target.source), nodes)
    return f"({code} if {first_row.variable('found__')} else {_absent(target.optional)})"


def _absent(optional: bool) -> str:  # noqa: FBT001  # what the type says
    return "None" if optional else "unexpected_value()"
