"""Fields whose rows come from a query that takes the field's arguments: the first of them, or page by page."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.predicate import Predicate
from domain.sql import Sql, as_sql
from gql.reading.connections import read_page
from gql.reading.fields import Argument, DeclaredField, Relation
from gql.reading.listings import Listing
from gql.reading.loaders import Loaders
from gql.reading.page_arguments import PAGE, page_arguments
from gql.reading.paging import Paging, Parameter
from gql.reading.sources import source_of
from gql.reading.targets import target_of
from gql.reading.ties import UNTIED


@dataclass(frozen=True)
class QueryArgument:
    """An argument whose value the query names as `:name`: what clients give, and what SQL takes."""

    argument: Argument
    parameter: Parameter


@dataclass(frozen=True, eq=False)
class QueriedRow(Relation):
    """The first row of a query about the row and the arguments."""

    query: Sql
    asked: Mapping[str, QueryArgument]

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        given = dict(zip(self.asked, zip(self.values(arguments), self.kinds, strict=True), strict=True))
        target, name = target_of(declared), (self, tuple(value for value, _ in given.values()))
        found = await loaders.rows(name, source_of(row), row, target, self.query.text, given)
        return found[0] if found else None

    def values(self, arguments: Mapping[str, Any]) -> list[Any]:
        """What the query is asked with."""
        return [one.parameter.value(arguments.get(name)) for name, one in self.asked.items()]

    @property
    def kinds(self) -> list[str]:
        """The SQL types of these values."""
        return [one.parameter.kind for one in self.asked.values()]


@dataclass(frozen=True, eq=False)
class QueriedPage(Relation):
    """A page of the rows of a query about the row and the arguments."""

    query: Sql
    paging: Paging
    administered: str | None

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        owner, target = source_of(row), target_of(declared)
        page = self.paging.page(**page_arguments(arguments))
        if self.administered and dict(self.paging.given(page))[self.administered] not in (
            (await loaders.standing()).administers
        ):
            return None
        name: Hashable = (declared.python_name, self)
        return await read_page(loaders, Listing(name, owner, target.source, UNTIED, self.paging, self.query), page, row)


def queried_row(description: str, query: Sql | str, guard: Predicate | None = None, **asked: QueryArgument) -> Any:
    """The first row of a query about the row and the arguments, or null without one."""
    return DeclaredField(QueriedRow(as_sql(query), asked), guard, _arguments(asked), description=description)


def queried_connection(
    description: str,
    query: Sql | str,
    paging: Paging,
    asked: Mapping[str, QueryArgument],
    *,
    guard: Predicate | None = None,
    administered: str | None = None,
) -> Any:
    """A Relay connection over the rows of a query, over `{owner}` and the arguments; each row has an `id`.

    Args:
        description: What is listed.
        query: The SQL of the rows.
        paging: The orders.
        asked: The arguments besides those of every connection, which the query names.
        guard: What must hold of the row for the connection to be read; else it is null.
        administered: The argument that names an organisation which the viewer must administer; else it is null.
    """
    parameters = {name: one.parameter for name, one in asked.items()}
    complete = Paging(paging.orders, paging.default, parameters=parameters)
    relation = QueriedPage(as_sql(query), complete, administered)
    return DeclaredField(relation, guard, {**_arguments(asked), **PAGE}, description=description)


def _arguments(asked: Mapping[str, QueryArgument]) -> dict[str, Argument]:
    return {name: one.argument for name, one in asked.items()}
