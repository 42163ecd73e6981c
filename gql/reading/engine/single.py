"""Fields that lead to one row: the one that a key points at, another face of the row, the first row of a query."""

from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLField

from domain.sql import Sql
from gql.reading.engine.arguments import Bound, Slot, Slots
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.lists_within import lists_within
from gql.reading.engine.scopes import Origin, Row
from gql.reading.fields import DeclaredField
from gql.reading.queries import QueriedRow
from gql.reading.relations import Anything, Here, One
from gql.reading.sources import nodes_by_model
from gql.reading.targets import target_of

if TYPE_CHECKING:
    from gql.reading.engine.compile import Compiler


def single(compiler: "Compiler", row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]) -> str:
    """The code of a field that leads to one row.

    Raises:
        NotCompiled: It is none, or may be of any type where no other statement can find its key.
    """
    match declared.relation:
        case One() as relation:
            return _one(compiler, row, declared, relation, nodes)
        case Anything() as relation:
            return _anything(compiler, row, relation, nodes)
        case Here(columns=columns):
            return _found(compiler, row, declared, Sql(f"select {columns}"), nodes)
        case QueriedRow() as relation:
            return _found(compiler, row, declared, _asked(compiler, field, relation, nodes[0]), nodes)
    raise NotCompiled(f"{row.source.name}.{declared.python_name}")


def _one(compiler: "Compiler", row: Row, declared: DeclaredField, relation: One, nodes: list[FieldNode]) -> str:
    target = target_of(declared)
    source, kind, checked = target.source, compiler.kind(target.source), relation.is_checked(target)
    key = compiler.sql(relation.key.aliased(row.alias)) if relation.key else row.column(f"{declared.python_name}_id")
    lists = lists_within(compiler.selection, kind, nodes).rows
    if (lists or row.scope.paged) and not row.scope.nested:
        # What has no lists is written out as fast as it is looked up.
        number = compiler.referred(row, key, source, nodes, checked=checked, shared=lists)
        variable = row.scope.value(key)
        return f"m{number}.get({variable})" if target.optional else f"m{number}[{variable}]"
    joined = Row(row.scope, compiler.alias("j"), source)
    seen = f" and {compiler.sql(source.visible.aliased(joined.alias))}" if checked and source.visible else ""
    row.scope.joins.append(f"left join {source.table} {joined.alias} on {joined.alias}.id = {key}{seen}")
    code = compiler.object(joined, kind, nodes)
    if not target.optional and relation.key is None and row.source.model is not None:
        return code
    return f"({code} if {joined.value('id')} is not None else {_absent(target.optional)})"


def _anything(compiler: "Compiler", row: Row, relation: Anything, nodes: list[FieldNode]) -> str:
    """The code of a row of whichever entity: a level for each."""
    if row.scope.nested:
        raise NotCompiled("rows of any type inside rows inside rows")
    kind = row.column(f"{relation.stem}_type")
    key = compiler.sql(relation.key.aliased(row.alias)) if relation.key else row.column(f"{relation.stem}_id")
    places = row.scope.place(key), row.scope.place(kind)
    told = []
    for model, source in nodes_by_model().items():
        origin = Origin(row.scope, *places, model)
        number = compiler.level_from(origin, source, nodes, checked=True, shared=True)
        told.append(f"{model!r}: m{number}")
    return f"anything({{{', '.join(told)}}}, {row.scope.value(kind)}, {row.scope.value(key)})"


def _asked(compiler: "Compiler", field: GraphQLField, relation: QueriedRow, node: FieldNode) -> Sql:
    """The query of a relation with the places of the values that it is asked with."""
    bound, first = compiler.bound(field, node, lambda arguments: Bound(None, relation.values(arguments)))
    slots = [Slot(first + place) for place in range(len(bound.values))]
    given = dict(zip(relation.asked, zip(slots, relation.kinds, strict=True), strict=True))
    return relation.query.map_text(lambda text: Slots().bind_named(text, given))


def _found(compiler: "Compiler", row: Row, declared: DeclaredField, query: Sql, nodes: list[FieldNode]) -> str:
    """The first row of a query about a row; nothing is looked for where the guard doesn't hold."""
    target = target_of(declared)
    found = Row(row.scope, compiler.alias("f"), target.source)
    only = f" where {compiler.sql(declared.guard.aliased(row.alias))}" if declared.guard else ""
    row.scope.joins.append(
        f"left join lateral (select true as found__, asked__.* from ({compiler.sql(query.aliased(row.alias))}) asked__"
        f"{only} limit 1) {found.alias} on true"
    )
    code = compiler.object(found, compiler.kind(target.source), nodes)
    return f"({code} if {found.value('found__')} else {_absent(target.optional)})"


def _absent(optional: bool) -> str:  # noqa: FBT001  # what the type says
    return "None" if optional else "surprise()"
