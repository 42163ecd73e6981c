"""Where the values of declared fields come from: columns, expressions and relations, read through the loaders."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from domain.sql import Sql
from gql.reading.connections import Listing, read_page
from gql.reading.fields import Argument, DeclaredField, Relation
from gql.reading.ids import global_id
from gql.reading.loaders import Loaders
from gql.reading.pages import Paging
from gql.reading.sources import Record, Source, Target, source_named, source_of
from gql.reading.targets import foreign_key, target_of
from gql.reading.ties import Join, Tie, ties_of


@dataclass(frozen=True)
class Identity(Relation):
    """The row's global id."""

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> str:
        """The value for a row."""
        del loaders, arguments, declared
        return global_id(source_of(row).name, row.id)


@dataclass(frozen=True)
class Column(Relation):
    """A column of the row."""

    name: str | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del loaders, arguments
        return getattr(row, self.name or declared.python_name)


@dataclass(frozen=True)
class Localised(Relation):
    """A text that is kept in each language."""

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        return getattr(row, f"{declared.python_name}_{loaders.language}")


@dataclass(frozen=True)
class Computed(Relation):
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
class ForViewer(Relation):
    """A pure Python function of the one who reads and columns of the row."""

    function: Callable[..., Any]
    columns: tuple[str, ...]

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments, declared
        return self.function(loaders.actor, *(getattr(row, column) for column in self.columns))


@dataclass(frozen=True)
class Expression(Relation):
    """A value that the database works out from the row."""

    expression: Sql
    convert: Callable[[Any], Any] | None

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments, declared
        value = await loaders.expression(self.expression, self.expression, source_of(row), row)
        return self.convert(value) if self.convert and value is not None else value


@dataclass(frozen=True)
class One(Relation):
    """The row that a key points at.

    Attributes:
        key: SQL for the key; None where it is the foreign key of the field's name.
        with_owner: Whether it is seen with its owner even where there may be none.
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
        """Must the asker be allowed to see the row by itself?"""
        return target.optional and not self.with_owner


@dataclass(frozen=True)
class Anything(Relation):
    """The row of any entity that two columns name."""

    stem: str

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments, declared
        source = source_named(getattr(row, f"{self.stem}_type"))
        return await loaders.row(source, getattr(row, f"{self.stem}_id"), checked=True) if source else None


@dataclass(frozen=True)
class Here(Relation):
    """Another face of the same row."""

    columns: str

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        target = target_of(declared)
        found = await loaders.rows((self, target.source.name), source_of(row), row, target, f"select {self.columns}")
        return found[0] if found else None


@dataclass(frozen=True)
class Many(Relation):
    """All rows that are tied to the row."""

    order: tuple[str, ...]
    join: Join | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        owner, target = source_of(row), target_of(declared)
        tie = self.tie(owner, declared.python_name)
        order = ", ".join(f"row__.{column}" for column in self.order)
        return loaders.many((declared.python_name, tie, order), owner, row, target, tie, order)

    def tie(self, owner: Source, name: str) -> Tie:
        """What ties the rows to their owner: as declared, or the foreign key that points at it."""
        [tie] = ties_to(self.join, owner, name)
        return tie


@dataclass(frozen=True)
class Rows(Relation):
    """The rows of a query about the row."""

    query: Sql

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del arguments
        return loaders.rows(
            (declared.python_name, self.query), source_of(row), row, target_of(declared), self.query.text
        )


@dataclass(frozen=True, eq=False)
class Pages(Relation):
    """A page of the rows that are tied to the row."""

    paging: Paging
    join: Join | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        owner, target = source_of(row), target_of(declared)
        ties = ties_to(self.join, owner, declared.python_name)
        name: Hashable = (declared.python_name, ties, target.source.name, self)
        page = self.paging.page(**page_arguments(arguments))
        return read_page(loaders, Listing(name, owner, target.source, ties, self.paging), page, row)


def ties_to(join: Join | None, owner: Source, name: str) -> tuple[Tie, ...]:
    """What ties the rows of a relation to their owner: as declared, or the foreign key that points at it."""
    return (foreign_key(owner, name),) if join is None else ties_of(join)


PAGE: Final = {
    "first": Argument(int | None, None, "The size of a page from the start: 1 to 100; 50 when neither is given."),
    "after": Argument(str | None, None, "The cursor that the page begins behind."),
    "last": Argument(int | None, None, "The size of a page from the end: 1 to 100."),
    "before": Argument(str | None, None, "The cursor that the page ends before."),
}
"""The arguments that every connection takes."""


def page_arguments(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a connection as `Paging.page` takes them: an order apart, everything else filters."""
    rest = dict(given)
    page = {name: rest.pop(name, None) for name in PAGE}
    order = rest.pop("order_by", None)
    filters = {**vars(rest.pop("filter", None) or Record()), **rest}
    page["order"] = (order.field.value, order.direction.value == "DESC") if order else None
    return {**page, "filters": filters}
