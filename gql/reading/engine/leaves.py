"""The code that turns a value from the database into a leaf of the response: scalars, enums, lists of them."""

from binascii import b2a_base64
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLScalarType,
)

from gql.reading.cursors import encode_cursor
from gql.reading.engine.fallback import Fallback, unexpected_value
from gql.reading.sources import source_named

VERBATIM_SCALARS: Final = frozenset({"String", "ID", "Boolean", "Date", "DateTime", "EmailAddress"})
"""Scalars whose values orjson serialises as the scalar does."""


def edge_cursor(order: str, values: list[str] | None, keys: list[int] | None, size: int, *, last: bool) -> str | None:
    """The cursor of the first or the last row of a page of that size; None without rows."""
    if not values or not keys:
        return None
    index = min(len(values), size) - 1 if last else 0
    return encode_cursor(order, values[index], keys[index])


def polymorphic_object(objects: Mapping[str, Mapping[int, Any]], model: str | None, key: int | None) -> Any:
    """The object of a row, among the objects of each model by key; None for no row, and for one that isn't visible.

    Raises:
        UnexpectedValue: Rows of that model have no global ids.
    """
    if model is None or key is None:
        return None
    if model in objects:
        return objects[model].get(key)
    return unexpected_value() if source_named(model) else None


class Namespace:
    """The names that generated code refers to, besides its variables.

    Attributes:
        bindings: The values by name.
    """

    def __init__(self) -> None:
        self.bindings: dict[str, Any] = {
            "fragment": orjson.Fragment,
            "dumps": orjson.dumps,
            "unexpected_value": unexpected_value,
            "base64": b2a_base64,
            "cursor": encode_cursor,
            "edge_cursor": edge_cursor,
            "polymorphic_object": polymorphic_object,
        }

    def name_of(self, value: Any) -> str:
        """The name of a value; binds it if it has none."""
        for name, bound in self.bindings.items():
            if bound is value:
                return name
        name = f"bound{len(self.bindings)}"
        self.bindings[name] = value
        return name

    def leaf_code(self, variable: str, leaf_type: GraphQLOutputType, *, never_null: bool = False) -> str:
        """The code of a leaf.

        Args:
            variable: The code of the value as the database gave it.
            leaf_type: The field's type.
            never_null: Whether a value of a non-null type is never null in the table.

        Raises:
            Fallback: It is a scalar that the engine doesn't know.
        """
        if isinstance(leaf_type, GraphQLNonNull):
            code = self._non_null_code(variable, leaf_type.of_type)
            return code if never_null else f"({code} if {variable} is not None else unexpected_value())"
        code = self._non_null_code(variable, leaf_type)
        return variable if code == variable else f"({code} if {variable} is not None else None)"

    def _non_null_code(self, variable: str, leaf_type: Any) -> str:
        """The code of a leaf that isn't null."""
        if isinstance(leaf_type, GraphQLList):
            return f"[{self.leaf_code('each', leaf_type.of_type)} for each in {variable}]"
        if isinstance(leaf_type, GraphQLEnumType):
            return f"{self.name_of(_enum_names(leaf_type))}[{variable}]"
        if leaf_type.name in VERBATIM_SCALARS:
            return variable
        if leaf_type.name == "Int":
            return f"({variable} if -2147483648 <= {variable} <= 2147483647 else unexpected_value())"
        if isinstance(leaf_type, GraphQLScalarType):
            coerce: Callable[[Any], Any] = leaf_type.coerce_output_value
            return f"{self.name_of(coerce)}({variable})"
        raise Fallback(f"values of the type {leaf_type}")


@cache  # the same object for each enum, so that `Namespace` gives it one name
def _enum_names(enum_type: GraphQLEnumType) -> dict[Any, str]:
    """The names of an enum's values by what the database holds."""
    return {getattr(value.value, "value", value.value): name for name, value in enum_type.values.items()}
