"""The declarations of the fields of GraphQL types: how each is resolved.

The executor resolves them through the loaders, the engine compiles them to SQL. No field that is a column or a relation
has a resolver function; a test has the short list of those that do.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.predicate import Predicate
from domain.sql import Sql, as_sql
from gql.reading.fields import Argument, DeclaredField
from gql.reading.joins import Join
from gql.reading.page_arguments import PAGE_ARGUMENTS
from gql.reading.paging import Paging
from gql.reading.relations import Connection, Embedded, Polymorphic, SqlRows, ToMany, ToOne
from gql.reading.values import Column, Computed, ComputedForViewer, Identity, Localised, SqlExpression


def identity(description: str) -> Any:
    """The row's global id."""
    return DeclaredField(Identity(), description=description)


def column(description: str, name: str | None = None) -> Any:
    """A column of the row: that of the field's name, or `name`."""
    return DeclaredField(Column(name), description=description)


def localised(description: str) -> Any:
    """A text that is stored in each language, in the columns `<field>_nl` and so on."""
    return DeclaredField(Localised(), description=description)


def computed(description: str, function: Callable[..., Any], *columns: str, guard: Predicate | None = None) -> Any:
    """A pure Python function of columns of the row."""
    return DeclaredField(Computed(function, columns, in_language=False), guard, description=description)


def computed_in_language(description: str, function: Callable[..., Any], *columns: str) -> Any:
    """A pure Python function of the reader's language and columns of the row."""
    return DeclaredField(Computed(function, columns, in_language=True), description=description)


def computed_for_viewer(description: str, function: Callable[..., Any], *columns: str) -> Any:
    """A Python function of the viewer (an `Actor`) and columns of the row; it doesn't query the database."""
    return DeclaredField(ComputedForViewer(function, columns), description=description)


def guarded(description: str, rule: Predicate, name: str | None = None) -> Any:
    """A column that is null unless the rule holds for this viewer and this row."""
    return DeclaredField(Column(name), rule, description=description)


def sql(
    description: str,
    expression: Sql | str,
    convert: Callable[[Any], Any] | None = None,
    guard: Predicate | None = None,
) -> Any:
    """The value of an SQL expression over `{row}` and the viewer's facts."""
    return DeclaredField(SqlExpression(as_sql(expression), convert), guard, description=description)


def sql_in_language(description: str, expression: str, function: Callable[[str, Any], str]) -> Any:
    """A text in the reader's language: a function of the language and of the value of an SQL expression."""
    return DeclaredField(SqlExpression(as_sql(expression), function, in_language=True), description=description)


def to_one(description: str, key: str | None = None, *, with_owner: bool = False) -> Any:
    """The row that a foreign key refers to.

    Whoever sees the owner sees the row of a non-null field; that of a nullable field only by its own rule.

    Args:
        description: The field's description.
        key: SQL for the key; by default the foreign key of the field's name.
        with_owner: Whether whoever sees the owner sees the row of a nullable field, too, if there is one.
    """
    return DeclaredField(ToOne(Sql(key) if key else None, with_owner), description=description)


def polymorphic(description: str, stem: str, key: str | None = None) -> Any:
    """The row of any entity that the columns `<stem>_type` (a model's name) and `<stem>_id` identify, by its own rule.

    Args:
        description: The field's description.
        stem: The prefix of the columns' names.
        key: SQL for the key, if that isn't always the second column.
    """
    return DeclaredField(Polymorphic(stem, Sql(key) if key else None), description=description)


def embedded(description: str, columns: str, guard: Predicate | None = None) -> Any:
    """An object of a facet, embedded in the row: `columns` is SQL over `{row}` for the columns of the facet."""
    return DeclaredField(Embedded(columns), guard, description=description)


def to_many(description: str, *order: str, join: Join | None = None, guard: Predicate | None = None) -> Any:
    """All visible rows whose foreign key refers to the row, or that `join` joins to `{owner}`."""
    return DeclaredField(ToMany(order, join), guard, description=description)


def sql_rows(description: str, query: Sql | str, guard: Predicate | None = None) -> Any:
    """The rows of a query about the row, in the query's order; a column `member__` names the type of each in a union.

    A column `position__` with the position of each row saves numbering them.
    """
    return DeclaredField(SqlRows(as_sql(query)), guard, description=description)


def connection(
    description: str,
    paging: Paging,
    *,
    join: Join | None = None,
    guard: Predicate | None = None,
    arguments: Mapping[str, Argument] | None = None,
) -> Any:
    """A Relay connection over the rows whose foreign key refers to the row, or that `join` joins to `{owner}`.

    If rows belong to different kinds of owners by different keys, `join` has a condition for each; no row meets two.
    """
    all_arguments = {**PAGE_ARGUMENTS, **(arguments or {})}
    return DeclaredField(Connection(paging, join), guard, all_arguments, description=description)
