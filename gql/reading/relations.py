"""The resolutions of fields that lead to rows: one, all of them, or a page."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from domain.sql import Sql
from gql.reading.connections import read_page
from gql.reading.fields import DeclaredField, Resolution
from gql.reading.joins import Join, JoinCondition, join_conditions
from gql.reading.listings import Listing
from gql.reading.loaders import Loaders
from gql.reading.page_arguments import page_arguments
from gql.reading.paging import Paging
from gql.reading.sources import Source, source_named, source_of
from gql.reading.targets import Target, foreign_key, target_of


@dataclass(frozen=True)
class ToOne(Resolution):
    """The row that a key points at.

    Attributes:
        key: SQL for the key; None where it is the foreign key of the field's name.
        with_owner: Whether it is seen with its owner, though there may be none.
    """

    key: Sql | None
    with_owner: bool = False

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        target = target_of(declared)
        if self.key is None:
            key = getattr(row, f"{declared.python_name}_id")
        else:
            key = await loaders.expression(self.key, self.key, source_of(row), row)
        return await loaders.row(target.source, key, checked=self.is_checked(target))

    def is_checked(self, target: Target) -> bool:
        """Must the viewer be allowed to see the row by itself?"""
        return target.optional and not self.with_owner


@dataclass(frozen=True)
class Polymorphic(Resolution):
    """The row of any entity, which two columns identify.

    Attributes:
        stem: The prefix of the columns' names.
        key: SQL for the key; None where it is the second column.
    """

    stem: str
    key: Sql | None = None

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments, declared
        source, key = source_named(getattr(row, f"{self.stem}_type")), getattr(row, f"{self.stem}_id")
        if self.key is not None:
            key = await loaders.expression(self.key, self.key, source_of(row), row)
        return await loaders.row(source, key, checked=True) if source else None


@dataclass(frozen=True)
class Embedded(Resolution):
    """An object embedded in the row."""

    columns: str

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        target = target_of(declared)
        name, query = (self, target.source.name), f"select {self.columns}"
        rows = await loaders.query_rows(name, source_of(row), row, target, query)
        return rows[0] if rows else None


@dataclass(frozen=True)
class ToMany(Resolution):
    """All rows that belong to the row."""

    order: tuple[str, ...]
    join: Join | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        owner, target = source_of(row), target_of(declared)
        join = self.join_condition(owner, declared.python_name)
        order = ", ".join(f"row__.{column}" for column in self.order)
        return loaders.related_rows((declared.python_name, join, order), owner, row, target, join, order)

    def join_condition(self, owner: Source, name: str) -> JoinCondition:
        """The join of the rows to their owner: as declared, or by the foreign key that points at it."""
        [join] = owner_joins(self.join, owner, name)
        return join


@dataclass(frozen=True)
class SqlRows(Resolution):
    """The rows of a query about the row."""

    query: Sql

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        return loaders.query_rows(
            (declared.python_name, self.query), source_of(row), row, target_of(declared), self.query.text
        )


@dataclass(frozen=True, eq=False)
class Connection(Resolution):
    """A page of the rows that belong to the row."""

    paging: Paging
    join: Join | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        owner, target = source_of(row), target_of(declared)
        joins = owner_joins(self.join, owner, declared.python_name)
        name: Hashable = (declared.python_name, joins, target.source.name, self)
        page = self.paging.page(**page_arguments(arguments))
        return read_page(loaders, Listing(name, owner, target.source, joins, self.paging), page, row)


def owner_joins(join: Join | None, owner: Source, name: str) -> tuple[JoinCondition, ...]:
    """The joins of a relation's rows to their owner: as declared, or by the foreign key that points at it."""
    return (foreign_key(owner, name),) if join is None else join_conditions(join)
