"""The rows that a connection lists, and the SQL for a page of them and for their number."""

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
"""How many rows after the beginning of a page are near it; the others are far."""
PageConditionSql = Callable[[Predicate, str | None], str]
"""The SQL of a condition on rows that are checked one after another until their page is full.

Takes the condition, and SQL that is true of rows far from the beginning of the page; None where that isn't known.
"""
CountConditionSql = Callable[[Predicate], str]
"""The SQL of a condition on all rows."""


@dataclass(frozen=True)
class Listing:
    """Which rows a connection lists.

    Attributes:
        name: What distinguishes this listing from every other one.
        owner: The source of the rows that have the connection.
        target: The source of the rows that are listed.
        joins: The joins of the rows to their owner. No row meets two of them, so each can use an index of its own.
        paging: The orders and filters.
        query: The SQL, over `{owner}`, whose rows are listed; None lists the target's table.
    """

    name: Hashable
    owner: Source
    target: Source
    joins: tuple[JoinCondition, ...]
    paging: Paging
    query: Sql | None = None

    def from_item(self, page: Page, values: StatementParameters) -> str:
        """The item of FROM that gives the rows, as `row__`."""
        if self.query is None:
            return f"{self.target.table} row__"
        parameters = {
            name: (value, self.paging.parameters[name].sql_type) for name, value in self.paging.parameter_values(page)
        }
        return f"({values.bind_named(self.query.text.replace('{owner}', 'owner__'), parameters)}) row__"

    def condition(self, join: JoinCondition, page: Page, values: StatementParameters) -> Predicate:
        """The condition on the rows of one of the joins, without the cursors.

        The row is `row__`, its owner `owner__`: names that no declared text uses.
        """
        filters = self.paging.filters
        texts = [self.paging.condition] if self.paging.condition else []
        for name, value in zip(page.shape.filters, page.filters, strict=True):
            texts.append(filters[name].condition.replace(":value", values.add(value, filters[name].sql_type)))
        texts += [filters[name].condition.replace(":value", literal) for name, literal in page.shape.literal_filters]
        rules = [*self.target.rules, *map(Predicate, texts)]
        return all_of(join.condition, *map(join.on_owner, rules)).map_text(_with_aliases)

    def keyset_condition(self, page: Page, values: StatementParameters) -> str:
        """The conditions of the cursors, each after AND; empty without cursors."""
        order = self.paging.orders[page.shape.order]
        expression = _with_aliases(order.expression)
        conditions = ""
        for cursor, is_greater in ((page.after, not page.shape.descending), (page.before, page.shape.descending)):
            if cursor:
                position = f"({values.add(cursor.value, 'text')}::{order.sql_type}, {values.add(cursor.key, 'bigint')})"
                conditions += f" and ({expression}, row__.id) {'>' if is_greater else '<'} {position}"
        return conditions

    def page_query(
        self,
        page: Page,
        values: StatementParameters,
        guards: Iterable[str] = (),
        condition_sql: PageConditionSql | None = None,
    ) -> str:
        """The query for the page of `owner__` and one row more, with each row's value in the order and in cursors.

        A join loses the order of the rows; `order_by` restores it.

        Args:
            page: The page.
            values: Takes the values in the statement.
            guards: SQL about the owner that must be true; otherwise the page is empty.
            condition_sql: The SQL of the conditions on rows; by default that for any viewer.
        """
        expression, order = self._order(page)
        order_and_limit = f"{order} limit {values.add(page.size, 'int')} + 1"
        branches = []
        for join in self.joins:
            condition = self.condition(join, page, values)
            sql = condition_sql(condition, self._far(join, page, values)) if condition_sql else condition.text
            where = " and ".join([sql + self.keyset_condition(page, values), *guards])
            branches.append(f"{self.from_item(page, values)} where {where}")
        rows = branches[0]
        if len(branches) > 1:
            union = " union all ".join(f"(select row__.* from {branch} {order_and_limit})" for branch in branches)
            rows = f"({union}) row__"
        return f"""select row__.*, {expression} as order__, ({expression})::text as cursor__
            from {rows} {order_and_limit}"""

    def _order(self, page: Page) -> tuple[str, str]:
        """The expression that rows are ordered by, and the ORDER BY clause."""
        expression = _with_aliases(self.paging.orders[page.shape.order].expression)
        direction = _direction(page)
        return expression, f"order by {expression} {direction}, row__.id {direction}"

    def _far(self, join: JoinCondition, page: Page, values: StatementParameters) -> str | None:
        """SQL that is true of rows more than `NEAR_ROWS` behind the page's beginning, and null if there are none."""
        if self.query is not None:
            return None
        expression, order = self._order(page)
        position, sign = f"{expression}, row__.id", ">" if _direction(page) == "asc" else "<"
        joined, keyset = _with_aliases(join.condition.text), self.keyset_condition(page, values)
        rows = f"from {self.from_item(page, values)} where ({joined}){keyset}"
        return f"({position}) {sign} (select {position} {rows} {order} offset {NEAR_ROWS} limit 1)"

    def order_by(self, page: Page, alias: str) -> str:
        """ORDER BY the columns of a page's query, in which PostgreSQL knows its rows to be sorted already."""
        by_key = f"{alias}.id {_direction(page)}"
        # In an order by key, `order__` is the key, too. PostgreSQL doesn't know that, and would sort by the second one.
        if self.paging.orders[page.shape.order].expression == "{row}.id":
            return by_key
        return f"{alias}.order__ {_direction(page)}, {by_key}"

    def count_expression(
        self,
        page: Page,
        values: StatementParameters,
        guards: Iterable[str] = (),
        condition_sql: CountConditionSql = attrgetter("text"),
    ) -> str:
        """SQL for the number of rows that `owner__` has on all pages.

        Args:
            page: The page.
            values: Takes the values in the statement.
            guards: As for `page_query`.
            condition_sql: Likewise.
        """
        return " + ".join(
            f"(select count(*) from {self.from_item(page, values)}"
            f" where {' and '.join([condition_sql(self.condition(join, page, values)), *guards])})"
            for join in self.joins
        )

    def page_statement(self, page: Page, values: StatementParameters) -> str:
        """The statement for the page of each owner, whose keys are its first parameters."""
        return f"""select owner__.ordinal as ordinal__, page__.* from {self.owner.rows_by_key("owner__")}
            cross join lateral ({self.page_query(page, values)}) page__
            order by owner__.ordinal, {self.order_by(page, "page__")}"""

    def total_statement(self, page: Page, values: StatementParameters) -> str:
        """The statement for the number of rows that each owner has on all pages."""
        count = self.count_expression(page, values)
        return f"select owner__.ordinal, {count} as total from {self.owner.rows_by_key('owner__')}"


def _with_aliases(text: str) -> str:
    """The SQL with the aliases of rows and owners in the statement."""
    return text.replace("{owner}", "owner__").replace("{row}", "row__")


def _direction(page: Page) -> str:
    return "desc" if page.shape.descending != page.shape.backward else "asc"
