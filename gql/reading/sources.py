"""The sources of GraphQL types: a table with a rule about who sees its rows, or the rows of a query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final, TypeVar

import strawberry
from tortoise.fields import DateField, DatetimeField
from tortoise.models import Model

from domain.predicate import Predicate

DeclaredClass = TypeVar("DeclaredClass", bound=type)


@dataclass(frozen=True)
class Source:
    """The rows behind a type.

    Attributes:
        name: The type's name in the schema.
        declared_type: The class that declares the type.
        keys: The columns that identify a row, with their SQL types.
        model: The table; None for the rows of a query.
        visible: Who sees a row; None if whoever sees the owner does.
        listed: What the rows of lists must also meet, such as being open.
    """

    name: str
    declared_type: type
    keys: Mapping[str, str]
    model: type[Model] | None = None
    visible: Predicate | None = None
    listed: Predicate | None = None

    @property
    def is_node(self) -> bool:
        """Can a row be looked up by its global id?"""
        return any(base.__name__ == "Node" for base in self.declared_type.__mro__)

    @property
    def rules(self) -> tuple[Predicate, ...]:
        """All conditions on the rows of a list."""
        return tuple(rule for rule in (self.visible, self.listed) if rule)

    @property
    def table(self) -> str:
        """The table's name in quotes."""
        if self.model is None:
            raise TypeError(f"{self.name} has no table of its own.")
        return f'"{self.model._meta.db_table}"'

    def rows_by_key(self, row: str) -> str:
        """The item of FROM with the rows whose keys are the first parameters (arrays), numbered by `ordinal` from 1."""
        arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(self.keys.values(), 1))
        columns = ", ".join(self.keys)
        if self.model is None:
            return f"unnest({arrays}) with ordinality {row}({columns}, ordinal)"
        return (
            f"(select keys.ordinal, entity.* from unnest({arrays}) with ordinality keys({columns}, ordinal)"
            f" join {self.table} entity on entity.id = keys.id) {row}"
        )

    def key(self, row: Any) -> tuple[Any, ...]:
        """The values of the key columns of a row."""
        return tuple(getattr(row, column) for column in self.keys)

    @cached_property
    def conversions(self) -> Mapping[str, Callable[[Any], Any]]:
        """The conversions from the driver's values to those of the model, by column: enums, JSON.

        Available once the database is open: before, the models don't know their columns.
        """
        if self.model is None:
            return {}
        # Days and moments need no conversion.
        return {
            column: model_field.to_python_value
            for column, _, model_field in self.model._meta.db_complex_fields
            if not isinstance(model_field, DateField | DatetimeField)
        }

    def record(self, row: Mapping[str, Any]) -> "Record":
        """The record of a row with all of its columns."""
        record = Record(source__=self, **row)
        for column, convert in self.conversions.items():
            setattr(record, column, convert(row[column]))
        return record


class Record(SimpleNamespace):
    """A row with its columns as attributes; `source__` is its source."""

    source__: Source


class CompleteRecord(Record):
    """A row of a query with all key columns of its source, so that the engine can read its fields."""


SOURCES: Final[dict[str, Source]] = {}
"""Every declared type by its name."""
_BY_MODEL: Final[dict[type[Model], Source]] = {}


def source_of(row: Any) -> Source:
    """The source of a row."""
    return row.source__ if isinstance(row, Record) else _BY_MODEL[type(row)]


def source_for(model: type[Model]) -> Source:
    """The source of a model."""
    return _BY_MODEL[model]


def source_named(model_name: str) -> Source | None:
    """The source of the model with that class name; None if it isn't in the schema."""
    return next((source for model, source in _BY_MODEL.items() if model.__name__ == model_name), None)


def nodes_by_model() -> dict[str, Source]:
    """The sources whose rows have a global id, by the class names of their models."""
    return {model.__name__: source for model, source in _BY_MODEL.items() if source.is_node}


def entity(
    model: type[Model],
    *,
    visible: Predicate,
    listed: Predicate | None = None,
    description: str,
) -> Callable[[DeclaredClass], DeclaredClass]:
    """Declares a type with a table, a global id and a rule about who sees its rows."""

    def declare(declared: DeclaredClass) -> DeclaredClass:
        source = Source(declared.__name__, declared, {"id": "bigint"}, model, visible, listed)
        _BY_MODEL[model] = source
        return _declare(declared, source, description)

    return declare


def facet(description: str, **keys: str) -> Callable[[DeclaredClass], DeclaredClass]:
    """Declares a type whose rows come from queries, with the SQL types of the columns that its fields start from."""

    def declare(declared: DeclaredClass) -> DeclaredClass:
        return _declare(declared, Source(declared.__name__, declared, keys), description)

    return declare


def _declare(declared: DeclaredClass, source: Source, description: str) -> DeclaredClass:
    SOURCES[source.name] = source

    def is_type_of(row: Any, _info: Any) -> bool:
        return source_of(row) is source

    declared.is_type_of = is_type_of  # type: ignore[attr-defined]  # Strawberry looks for it on the class
    return strawberry.type(declared, description=description)
