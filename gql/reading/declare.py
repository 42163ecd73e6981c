"""How a GraphQL type says where its fields come from.

Declared once, read by the executor through the loaders. No field that is a column or a relation has a resolver of its
own; a test holds the short list of those that do.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.predicate import Predicate
from domain.sql import Sql, as_sql
from gql.reading.fields import Argument, DeclaredField
from gql.reading.joins import Join
from gql.reading.page_arguments import PAGE_ARGUMENTS
from gql.reading.paging import Paging
from gql.reading.relations import Anything, Here, Many, One, Pages, Rows
from gql.reading.values import Column, Computed, Expression, ForViewer, Identity, Localised


def identity(description: str) -> Any:
    """The row's global id."""
    return DeclaredField(Identity(), description=description)


def column(description: str, name: str | None = None) -> Any:
    """A column of the row: of the field's own name, or another one that differs from it for a reason."""
    return DeclaredField(Column(name), description=description)


def localised(description: str) -> Any:
    """A text that is kept in each language, in columns called `<field>_nl` and so on."""
    return DeclaredField(Localised(), description=description)


def computed(description: str, function: Callable[..., Any], *columns: str, guard: Predicate | None = None) -> Any:
    """A pure Python function of columns of the row."""
    return DeclaredField(Computed(function, columns, in_language=False), guard, description=description)


def worded(description: str, function: Callable[..., Any], *columns: str) -> Any:
    """A pure Python function of the reader's language and columns of the row."""
    return DeclaredField(Computed(function, columns, in_language=True), description=description)


def for_viewer(description: str, function: Callable[..., Any], *columns: str) -> Any:
    """A Python function of the one who reads (an `Actor`) and columns of the row; it asks no database."""
    return DeclaredField(ForViewer(function, columns), description=description)


def guarded(description: str, rule: Predicate, name: str | None = None) -> Any:
    """A column that is null unless the rule holds for this viewer and this row."""
    return DeclaredField(Column(name), rule, description=description)


def sql(
    description: str,
    expression: Sql | str,
    convert: Callable[[Any], Any] | None = None,
    guard: Predicate | None = None,
) -> Any:
    """A value that the database works out from the row, over `{row}` and the viewer's facts."""
    return DeclaredField(Expression(as_sql(expression), convert), guard, description=description)


def worded_sql(description: str, expression: str, function: Callable[[str, Any], str]) -> Any:
    """A value that the database works out from the row, put into words by the reader's language and the value."""
    return DeclaredField(Expression(as_sql(expression), function, in_language=True), description=description)


def one(description: str, key: str | None = None, *, with_owner: bool = False) -> Any:
    """The row that a foreign key, or an SQL expression for a key, points at.

    A non-null field is seen with its owner, a nullable one by its own rule; `with_owner` says that whoever sees the
    owner sees this row in any case, where there is one, and spares the look.
    """
    return DeclaredField(One(Sql(key) if key else None, with_owner), description=description)


def anything(description: str, stem: str, key: str | None = None) -> Any:
    """The row of any entity that the columns `<stem>_type` (a model's name) and `<stem>_id` name, by its own rule.

    An SQL expression for its key stands in the place of the second column where that isn't always the key.
    """
    return DeclaredField(Anything(stem, Sql(key) if key else None), description=description)


def here(description: str, columns: str, guard: Predicate | None = None) -> Any:
    """Another face of the same row; `columns` (SQL over `{row}`) are what its fields start from."""
    return DeclaredField(Here(columns), guard, description=description)


def many(description: str, *order: str, join: Join | None = None, guard: Predicate | None = None) -> Any:
    """All visible rows whose foreign key points here, or that `join` ties to `{owner}`."""
    return DeclaredField(Many(order, join), guard, description=description)


def rows(description: str, query: Sql | str, guard: Predicate | None = None) -> Any:
    """The rows of a query about the row; `member__` names the type of each where they differ.

    They are listed in the query's order, or by its column `place__` where it has one, which spares numbering them.
    """
    return DeclaredField(Rows(as_sql(query)), guard, description=description)


def connection(
    description: str,
    paging: Paging,
    *,
    join: Join | None = None,
    guard: Predicate | None = None,
    arguments: Mapping[str, Argument] | None = None,
) -> Any:
    """A Relay connection over the rows whose foreign key points here, or that `join` ties to `{owner}`.

    Where rows of different owners hang on different keys, `join` says each by itself, none true of a row of another.
    """
    every_argument = {**PAGE_ARGUMENTS, **(arguments or {})}
    return DeclaredField(Pages(paging, join), guard, every_argument, description=description)
