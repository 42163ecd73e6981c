"""The resolutions of fields that lead to a value: a column of the row, or a function or expression of its columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.sql import Sql
from gql.reading.fields import DeclaredField, Resolution
from gql.reading.ids import global_id
from gql.reading.loaders import Loaders
from gql.reading.sources import source_of


@dataclass(frozen=True)
class Identity(Resolution):
    """The row's global id."""

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> str:
        """The value for a row."""
        del loaders, arguments, declared
        return global_id(source_of(row).name, row.id)


@dataclass(frozen=True)
class Column(Resolution):
    """A column of the row."""

    name: str | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del loaders, arguments
        return getattr(row, self.name or declared.python_name)


@dataclass(frozen=True)
class Localised(Resolution):
    """A text that is stored in each language."""

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        return getattr(row, f"{declared.python_name}_{loaders.language}")


@dataclass(frozen=True)
class Computed(Resolution):
    """A pure Python function of columns of the row."""

    function: Callable[..., Any]
    columns: tuple[str, ...]
    in_language: bool

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments, declared
        values = (getattr(row, column) for column in self.columns)
        return self.function(loaders.language, *values) if self.in_language else self.function(*values)


@dataclass(frozen=True)
class ComputedForViewer(Resolution):
    """A pure Python function of the viewer and columns of the row."""

    function: Callable[..., Any]
    columns: tuple[str, ...]

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments, declared
        return self.function(loaders.actor, *(getattr(row, column) for column in self.columns))


@dataclass(frozen=True)
class SqlExpression(Resolution):
    """The value of an SQL expression over the row.

    Attributes:
        expression: The SQL.
        convert: A pure Python function that converts the value, unless it is null; None leaves it as it is.
        in_language: Whether that function takes the reader's language first.
    """

    expression: Sql
    convert: Callable[..., Any] | None
    in_language: bool = False

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments, declared
        value = await loaders.expression(self.expression, self.expression, source_of(row), row)
        if self.convert is None or value is None:
            return value
        return self.convert(loaders.language, value) if self.in_language else self.convert(value)
