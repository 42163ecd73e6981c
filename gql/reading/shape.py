"""Whether what is asked of a row has lists in it, known before any of it is compiled."""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from gql.reading.fields import DeclaredField
from gql.reading.queried import QueriedPage, QueriedRow
from gql.reading.relations import Expression, Here, Many, One, Pages, Rows
from gql.reading.select import Selecting, Selection


@dataclass(frozen=True)
class Shape:
    """What stands in the row itself, or in rows that are joined to it.

    Attributes:
        lists: Lists of rows.
        arrays: Lists of values.
    """

    lists: bool = False
    arrays: bool = False

    def __or__(self, other: "Shape") -> "Shape":
        return Shape(self.lists or other.lists, self.arrays or other.arrays)


LISTS = Shape(lists=True)


class Shapes:
    """The shapes of what one operation asks for."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def of(self, kind: GraphQLObjectType, nodes: Sequence[Selecting]) -> Shape:
        """The shape of what is asked of an object of that type."""
        shape = Shape()
        for asked in self._selection.fields(kind, nodes).values():
            field = kind.fields.get(asked[0].name.value)
            if field is not None:
                shape |= self._of_field(field, asked)
        return shape

    def _of_field(self, field: GraphQLField, nodes: Sequence[Selecting]) -> Shape:
        declared = field.extensions.get("strawberry-definition")
        if not isinstance(declared, DeclaredField):
            return Shape()
        match declared.relation:
            case Many() | Rows() | Pages() | QueriedPage():
                return LISTS
            case Expression():
                return Shape(arrays=_is_list(field))
            case Here() | QueriedRow():
                return self._of_target(field, nodes)
            case One():
                # Whose own lists make it a level of its own.
                inside = self._of_target(field, nodes)
                return Shape() if inside.lists else inside
        return Shape()

    def _of_target(self, field: GraphQLField, nodes: Sequence[Selecting]) -> Shape:
        target = get_named_type(field.type)
        return self.of(target, nodes) if isinstance(target, GraphQLObjectType) else LISTS


def _is_list(field: GraphQLField) -> bool:
    return is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type)
