"""Fields whose rows come from an SQL query that takes the field's arguments: the first row, or pages."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.predicate import Predicate
from domain.sql import Sql, as_sql
from gql.reading.connections import read_page
from gql.reading.fields import Argument, DeclaredField, Resolution
from gql.reading.joins import NO_JOIN
from gql.reading.listings import Listing
from gql.reading.loaders import Loaders
from gql.reading.page_arguments import PAGE_ARGUMENTS, page_arguments
from gql.reading.paging import Paging, Parameter
from gql.reading.sources import source_of
from gql.reading.targets import target_of


@dataclass(frozen=True)
class QueryArgument:
    """An argument of the field, and the parameter of the query (`:name`) with its value."""

    argument: Argument
    parameter: Parameter


@dataclass(frozen=True, eq=False)
class SqlRow(Resolution):
    """The first row of a query about the row and the arguments."""

    query: Sql
    arguments: Mapping[str, QueryArgument]

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        values = self.values(arguments)
        parameters = dict(zip(self.arguments, zip(values, self.sql_types, strict=True), strict=True))
        target, name = target_of(declared), (self, tuple(values))
        rows = await loaders.query_rows(name, source_of(row), row, target, self.query.text, parameters)
        return rows[0] if rows else None

    def values(self, arguments: Mapping[str, Any]) -> list[Any]:
        """The values of the query's parameters."""
        return [argument.parameter.value(arguments.get(name)) for name, argument in self.arguments.items()]

    @property
    def sql_types(self) -> list[str]:
        """The SQL types of these values."""
        return [argument.parameter.sql_type for argument in self.arguments.values()]


@dataclass(frozen=True, eq=False)
class SqlConnection(Resolution):
    """A page of the rows of a query about the row and the arguments."""

    query: Sql
    paging: Paging
    administered: str | None

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        owner, target = source_of(row), target_of(declared)
        page = self.paging.page(**page_arguments(arguments))
        if self.administered and dict(self.paging.parameter_values(page))[self.administered] not in (
            (await loaders.standing()).administers
        ):
            return None
        name: Hashable = (declared.python_name, self)
        return await read_page(
            loaders, Listing(name, owner, target.source, NO_JOIN, self.paging, self.query), page, row
        )


def sql_row(description: str, query: Sql | str, guard: Predicate | None = None, **arguments: QueryArgument) -> Any:
    """The first row of a query about the row and the arguments, or null without one."""
    return DeclaredField(SqlRow(as_sql(query), arguments), guard, _arguments(arguments), description=description)


def sql_connection(
    description: str,
    query: Sql | str,
    paging: Paging,
    arguments: Mapping[str, QueryArgument],
    *,
    guard: Predicate | None = None,
    administered: str | None = None,
) -> Any:
    """A Relay connection over the rows of a query, over `{owner}` and the arguments; each row has an `id`.

    Args:
        description: What is listed.
        query: The SQL of the rows.
        paging: The orders.
        arguments: The arguments besides those of every connection, which the query names.
        guard: The condition on the row without which the connection is null.
        administered: The argument that names an organisation; the connection is null unless the viewer administers it.
    """
    parameters = {name: argument.parameter for name, argument in arguments.items()}
    complete = Paging(paging.orders, paging.default, parameters=parameters)
    relation = SqlConnection(as_sql(query), complete, administered)
    return DeclaredField(relation, guard, {**_arguments(arguments), **PAGE_ARGUMENTS}, description=description)


def _arguments(arguments: Mapping[str, QueryArgument]) -> dict[str, Argument]:
    return {name: each.argument for name, each in arguments.items()}
