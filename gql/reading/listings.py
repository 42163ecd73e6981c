"""Which rows a connection lists, and the statements for a page of them and for their number."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from domain.predicate import Predicate, all_of
from domain.sql import Sql
from domain.statement_parameters import StatementParameters
from gql.reading.joins import JoinCondition
from gql.reading.pages import Page
from gql.reading.paging import Paging
from gql.reading.sources import Source

NEAR_ROWS: Final = 150
"""How many rows from where a page begins are near."""
PageConditionSql = Callable[[Predicate, str | None], str]
"""Writes a condition on rows that are checked one after another until their page is full.

Takes the condition, and SQL that is true of rows that are far from where the page begins; None where that isn't known.
"""
CountConditionSql = Callable[[Predicate], str]
"""Writes a condition on all rows."""


@dataclass(frozen=True)
class Listing:
    """Which rows a connection lists.

    Attributes:
        name: What distinguishes this listing from every other one.
        owner: The rows that have the connection.
        target: The rows listed.
        joins: The joins of the rows to their owner; each of several joins rows that no other does, so that each can
            use an index of its own.
        paging: The orders and filters.
        query: The SQL, over `{owner}`, whose rows are listed; None lists the target's table.
    """

    name: Hashable
    owner: Source
    target: Source
    joins: tuple[JoinCondition, ...]
    paging: Paging
    query: Sql | None = None

    def from_rows(self, page: Page, values: StatementParameters) -> str:
        """FROM: what is listed, as `row__`."""
        if self.query is None:
            return f"{self.target.table} row__"
        given = self.paging.parameter_values(page)
        parameters = {name: (value, self.paging.parameters[name].sql_type) for name, value in given}
        return f"({values.bind_named(self.query.text.replace('{owner}', 'owner__'), parameters)}) row__"

    def condition(self, join: JoinCondition, page: Page, values: StatementParameters) -> Predicate:
        """WHERE for one of the joins, without the cursors.

        The row is `row__`, its owner `owner__`: names that no declared text uses.
        """
        filters = self.paging.filters
        texts = [self.paging.condition] if self.paging.condition else []
        for name, value in zip(page.shape.filters, page.filters, strict=True):
            texts.append(filters[name].condition.replace(":value", values.add(value, filters[name].sql_type)))
        texts += [filters[name].condition.replace(":value", literal) for name, literal in page.shape.literal_filters]
        rules = [*self.target.rules, *map(Predicate, texts)]
        return all_of(join.condition, *map(join.on_owner, rules)).map_text(_with_aliases)

    def keyset(self, page: Page, values: StatementParameters) -> str:
        """The conditions of the cursors; begins with AND."""
        order = self.paging.orders[page.shape.order]
        expression = _with_aliases(order.expression)
        text = ""
        for cursor, beyond in ((page.after, not page.shape.descending), (page.before, page.shape.descending)):
            if cursor:
                position = f"({values.add(cursor.value, 'text')}::{order.sql_type}, {values.add(cursor.key, 'bigint')})"
                text += f" and ({expression}, row__.id) {'>' if beyond else '<'} {position}"
        return text

    def page(
        self,
        page: Page,
        values: StatementParameters,
        guards: Iterable[str] = (),
        condition_sql: PageConditionSql | None = None,
    ) -> str:
        """The page of `owner__`, one row more than its size, with each row's value in the order and in cursors.

        What it is joined to keeps its order only with another ORDER BY, which `order_by` writes.

        Args:
            page: The page.
            values: Takes the statement's values.
            guards: SQL about nothing but the owner that must be true; else the page is empty.
            condition_sql: Writes the conditions on rows; as for any viewer when left out.
        """
        expression, order = self._order(page)
        ordered = f"{order} limit {values.add(page.size, 'int')} + 1"
        froms = []
        for join in self.joins:
            condition = self.condition(join, page, values)
            written = condition_sql(condition, self._far(join, page, values)) if condition_sql else condition.text
            where = " and ".join([written + self.keyset(page, values), *guards])
            froms.append(f"{self.from_rows(page, values)} where {where}")
        if len(froms) > 1:
            every = " union all ".join(f"(select row__.* from {rows} {ordered})" for rows in froms)
            froms = [f"({every}) row__"]
        return f"""select row__.*, {expression} as order__, ({expression})::text as cursor__
            from {froms[0]} {ordered}"""

    def _order(self, page: Page) -> tuple[str, str]:
        """The expression that rows are ordered by, and ORDER BY."""
        expression = _with_aliases(self.paging.orders[page.shape.order].expression)
        direction = _direction(page)
        return expression, f"order by {expression} {direction}, row__.id {direction}"

    def _far(self, join: JoinCondition, page: Page, values: StatementParameters) -> str | None:
        """SQL: does a row come more than `NEAR_ROWS` behind the page's beginning? Null where there are no more rows."""
        if self.query is not None:
            return None
        expression, order = self._order(page)
        position, sign = f"{expression}, row__.id", ">" if _direction(page) == "asc" else "<"
        joined, keyset = _with_aliases(join.condition.text), self.keyset(page, values)
        rows = f"from {self.from_rows(page, values)} where ({joined}){keyset}"
        return f"({position}) {sign} (select {position} {rows} {order} offset {NEAR_ROWS} limit 1)"

    def order_by(self, page: Page, alias: str) -> str:
        """The order of a page's rows by the columns of the page: PostgreSQL knows that they come in it already."""
        by_key = f"{alias}.id {_direction(page)}"
        # The key under two names is two things to PostgreSQL, and it would sort by the second.
        if self.paging.orders[page.shape.order].expression == "{row}.id":
            return by_key
        return f"{alias}.order__ {_direction(page)}, {by_key}"

    def count(
        self,
        page: Page,
        values: StatementParameters,
        guards: Iterable[str] = (),
        condition_sql: CountConditionSql = attrgetter("text"),
    ) -> str:
        """SQL for the number of rows that `owner__` has on all pages.

        Args:
            page: The page.
            values: Takes the statement's values.
            guards: As for `page`.
            condition_sql: Writes the conditions on rows; as for any viewer when left out.
        """
        return " + ".join(
            f"(select count(*) from {self.from_rows(page, values)}"
            f" where {' and '.join([condition_sql(self.condition(join, page, values)), *guards])})"
            for join in self.joins
        )

    def page_statement(self, page: Page, values: StatementParameters) -> str:
        """The statement for the page of each owner given."""
        return f"""select owner__.ordinal as ordinal__, page__.* from {self.owner.rows_by_key("owner__")}
            cross join lateral ({self.page(page, values)}) page__
            order by owner__.ordinal, {self.order_by(page, "page__")}"""

    def total_statement(self, page: Page, values: StatementParameters) -> str:
        """The statement for the number of rows that each owner given has on all pages."""
        count = self.count(page, values)
        return f"select owner__.ordinal, {count} as total from {self.owner.rows_by_key('owner__')}"


def _with_aliases(text: str) -> str:
    """The text with the aliases that rows and their owners have in the statement."""
    return text.replace("{owner}", "owner__").replace("{row}", "row__")


def _direction(page: Page) -> str:
    return "desc" if page.shape.descending != page.shape.backward else "asc"
