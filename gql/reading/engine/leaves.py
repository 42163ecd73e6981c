"""The code that turns a value from the database into what the answer shows: scalars, enums, lists of them."""

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

from gql.reading.cursors import encoded
from gql.reading.engine.fallback import NotCompiled, surprise
from gql.reading.sources import source_named

PLAIN: Final = frozenset({"String", "ID", "Boolean", "Date", "DateTime", "EmailAddress"})
"""Scalars that orjson writes as they come from the database just as the scalar itself would say them."""


def edge_cursor(order: str, values: list[str] | None, keys: list[int] | None, size: int, *, last: bool) -> str | None:
    """The cursor of the first or the last of the rows that a page of that size shows; None without rows."""
    if not values or not keys:
        return None
    place = min(len(values), size) - 1 if last else 0
    return encoded(order, values[place], keys[place])


def anything(found: Mapping[str, Mapping[int, Any]], kind: str | None, key: int | None) -> Any:
    """The row of a model with a key, among the rows found of each; None for no row, and for one that isn't shown.

    Raises:
        Surprise: Rows of that model have no global ids.
    """
    if kind is None or key is None:
        return None
    if kind in found:
        return found[kind].get(key)
    return surprise() if source_named(kind) else None


class Names:
    """The names that generated code refers to, besides its variables."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {
            "fragment": orjson.Fragment,
            "dumps": orjson.dumps,
            "surprise": surprise,
            "base64": b2a_base64,
            "cursor": encoded,
            "edge_cursor": edge_cursor,
            "anything": anything,
        }

    def of(self, value: Any) -> str:
        """The name of a value; the same for the same one."""
        for name, known in self.known.items():
            if known is value:
                return name
        name = f"known{len(self.known)}"
        self.known[name] = value
        return name

    def leaf(self, variable: str, kind: GraphQLOutputType, *, sure: bool = False) -> str:
        """The code of a leaf.

        Args:
            variable: The code of the value as the database gave it.
            kind: The field's type.
            sure: Whether the table refuses null where the type does.

        Raises:
            NotCompiled: It is a scalar that the engine doesn't know.
        """
        if isinstance(kind, GraphQLNonNull):
            code = self._present(variable, kind.of_type)
            return code if sure else f"({code} if {variable} is not None else surprise())"
        code = self._present(variable, kind)
        return variable if code == variable else f"({code} if {variable} is not None else None)"

    def _present(self, variable: str, kind: Any) -> str:
        if isinstance(kind, GraphQLList):
            return f"[{self.leaf('each', kind.of_type)} for each in {variable}]"
        if isinstance(kind, GraphQLEnumType):
            return f"{self.of(_names_of(kind))}[{variable}]"
        if kind.name in PLAIN:
            return variable
        if kind.name == "Int":
            return f"({variable} if -2147483648 <= {variable} <= 2147483647 else surprise())"
        if isinstance(kind, GraphQLScalarType):
            written: Callable[[Any], Any] = kind.coerce_output_value
            return f"{self.of(written)}({variable})"
        raise NotCompiled(f"values of the type {kind}")


@cache  # one and the same for each enum, so that `Names` gives it one name
def _names_of(kind: GraphQLEnumType) -> dict[Any, str]:
    """The names of an enum by what the database keeps."""
    return {getattr(value.value, "value", value.value): name for name, value in kind.values.items()}
