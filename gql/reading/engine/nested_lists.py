"""The lists in a selection, which must be known before it is compiled."""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from gql.reading.engine.selection import Selection, SelectionParent
from gql.reading.fields import DeclaredField
from gql.reading.queries import SqlConnection, SqlRow
from gql.reading.relations import Connection, Embedded, SqlRows, ToMany, ToOne
from gql.reading.values import SqlExpression


@dataclass(frozen=True)
class NestedLists:
    """The kinds of lists that a row has itself, or in rows that are joined to it.

    Attributes:
        of_rows: Whether there are lists of rows.
        of_values: Whether there are lists of values.
    """

    of_rows: bool = False
    of_values: bool = False

    def __or__(self, other: "NestedLists") -> "NestedLists":
        return NestedLists(self.of_rows or other.of_rows, self.of_values or other.of_values)


_NONE = NestedLists()
_OF_ROWS = NestedLists(of_rows=True)


def nested_lists(selection: Selection, object_type: GraphQLObjectType, nodes: Sequence[SelectionParent]) -> NestedLists:
    """The lists among the fields that the nodes select on an object of that type."""
    lists = _NONE
    for field_nodes in selection.fields(object_type, nodes).values():
        field = object_type.fields.get(field_nodes[0].name.value)
        if field is not None:
            lists |= _in_field(selection, field, field_nodes)
    return lists


def _in_field(selection: Selection, field: GraphQLField, nodes: Sequence[SelectionParent]) -> NestedLists:
    declared = field.extensions.get("strawberry-definition")
    if not isinstance(declared, DeclaredField):
        return _NONE
    match declared.resolution:
        case ToMany() | SqlRows() | Connection() | SqlConnection():
            return _OF_ROWS
        case SqlExpression():
            return NestedLists(of_values=_is_list(field))
        case Embedded() | SqlRow():
            return _in_target(selection, field, nodes)
        case ToOne():
            inside = _in_target(selection, field, nodes)
            # With lists of rows of its own, the row becomes a level of its own.
            return _NONE if inside.of_rows else inside
    return _NONE


def _in_target(selection: Selection, field: GraphQLField, nodes: Sequence[SelectionParent]) -> NestedLists:
    target = get_named_type(field.type)
    return nested_lists(selection, target, nodes) if isinstance(target, GraphQLObjectType) else _OF_ROWS


def _is_list(field: GraphQLField) -> bool:
    return is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type)
