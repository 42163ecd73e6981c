"""Whether there are lists in what is asked of a row, known before any of it is compiled."""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from gql.reading.engine.selection import Selecting, Selection
from gql.reading.fields import DeclaredField
from gql.reading.queries import QueriedPage, QueriedRow
from gql.reading.relations import Here, Many, One, Pages, Rows
from gql.reading.values import Expression


@dataclass(frozen=True)
class Lists:
    """Which lists there are in a row itself, and in rows that are joined to it.

    Attributes:
        rows: Whether there are lists of rows.
        values: Whether there are lists of values.
    """

    rows: bool = False
    values: bool = False

    def __or__(self, other: "Lists") -> "Lists":
        return Lists(self.rows or other.rows, self.values or other.values)


_NONE = Lists()
_OF_ROWS = Lists(rows=True)


def lists_within(selection: Selection, kind: GraphQLObjectType, nodes: Sequence[Selecting]) -> Lists:
    """The lists in what the nodes of a selection ask of an object of that type."""
    found = _NONE
    for field_nodes in selection.fields(kind, nodes).values():
        field = kind.fields.get(field_nodes[0].name.value)
        if field is not None:
            found |= _in_field(selection, field, field_nodes)
    return found


def _in_field(selection: Selection, field: GraphQLField, nodes: Sequence[Selecting]) -> Lists:
    declared = field.extensions.get("strawberry-definition")
    if not isinstance(declared, DeclaredField):
        return _NONE
    match declared.relation:
        case Many() | Rows() | Pages() | QueriedPage():
            return _OF_ROWS
        case Expression():
            return Lists(values=_is_list(field))
        case Here() | QueriedRow():
            return _in_target(selection, field, nodes)
        case One():
            inside = _in_target(selection, field, nodes)
            # With lists of rows of its own, the row becomes a level of its own.
            return _NONE if inside.rows else inside
    return _NONE


def _in_target(selection: Selection, field: GraphQLField, nodes: Sequence[Selecting]) -> Lists:
    target = get_named_type(field.type)
    return lists_within(selection, target, nodes) if isinstance(target, GraphQLObjectType) else _OF_ROWS


def _is_list(field: GraphQLField) -> bool:
    return is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type)
