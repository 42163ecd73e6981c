"""Which rows a connection lists, and the statements for a page of them and for how many they are."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from domain.predicate import Predicate, all_of
from domain.sql import Sql
from domain.statement_parameters import StatementParameters
from gql.reading.pages import Page
from gql.reading.paging import Paging
from gql.reading.sources import Source
from gql.reading.ties import Tie

FAR: Final = 150
"""How many rows from where a page begins are near."""
InTurn = Callable[[Predicate, str | None], str]
"""Tells a condition on rows that come one after another until their page is full.

Takes the condition, and SQL that is true of rows that are far from where the page begins; None where that isn't known.
"""
OfAll = Callable[[Predicate], str]
"""Tells a condition on all rows."""


@dataclass(frozen=True)
class Listing:
    """Which rows a connection lists.

    Attributes:
        name: What tells this listing from every other one.
        owner: The rows that have the connection.
        target: The rows listed.
        ties: What ties a row to its owner; of several, each for rows that no other has, so that each can be looked for
            by an index of its own.
        paging: The orders and filters.
        query: The SQL, over `{owner}`, whose rows are listed; None lists the target's table.
    """

    name: Hashable
    owner: Source
    target: Source
    ties: tuple[Tie, ...]
    paging: Paging
    query: Sql | None = None

    def rows(self, page: Page, values: StatementParameters) -> str:
        """FROM: what is listed, as `row__`."""
        if self.query is None:
            return f"{self.target.table} row__"
        parameters = {name: (value, self.paging.parameters[name].kind) for name, value in self.paging.given(page)}
        return f"({values.bind_named(self.query.text.replace('{owner}', 'owner__'), parameters)}) row__"

    def conditions(self, tie: Tie, page: Page, values: StatementParameters) -> Predicate:
        """WHERE by one of the ties, without the cursors.

        The row is `row__`, its owner `owner__`: names that no declared text uses.
        """
        filters = self.paging.filters
        texts = [self.paging.always] if self.paging.always else []
        for name, value in zip(page.shape.filters, page.filters, strict=True):
            texts.append(filters[name].condition.replace(":value", values.add(value, filters[name].kind)))
        texts += [filters[name].condition.replace(":value", value) for name, value in page.shape.chosen]
        rules = [*self.target.rules, *map(Predicate, texts)]
        return all_of(tie.condition, *map(tie.asked_of_owner, rules)).map_text(_named)

    def keyset(self, page: Page, values: StatementParameters) -> str:
        """What the cursors ask of a row; begins with AND."""
        order = self.paging.orders[page.shape.order]
        expression = _named(order.expression)
        text = ""
        for cursor, beyond in ((page.after, not page.shape.descending), (page.before, page.shape.descending)):
            if cursor:
                place = f"({values.add(cursor.value, 'text')}::{order.kind}, {values.add(cursor.key, 'bigint')})"
                text += f" and ({expression}, row__.id) {'>' if beyond else '<'} {place}"
        return text

    def page(
        self, page: Page, values: StatementParameters, guards: Iterable[str] = (), in_turn: InTurn | None = None
    ) -> str:
        """The page of `owner__`, one row more than its size, with each row's value in the order and in cursors.

        What it is joined to keeps its order only where that is asked for once more, as `ordered` says.

        Args:
            page: The page.
            values: Takes the statement's values.
            guards: SQL about nothing but the owner; without it the page is empty.
            in_turn: Tells what is asked of each row; whoever asks when left out.
        """
        expression, order = self._order(page)
        ordered = f"{order} limit {values.add(page.size, 'int')} + 1"
        froms = []
        for tie in self.ties:
            condition = self.conditions(tie, page, values)
            condition_sql = in_turn(condition, self._far(tie, page, values)) if in_turn else condition.text
            where = " and ".join([condition_sql + self.keyset(page, values), *guards])
            froms.append(f"{self.rows(page, values)} where {where}")
        if len(froms) > 1:
            every = " union all ".join(f"(select row__.* from {rows} {ordered})" for rows in froms)
            froms = [f"({every}) row__"]
        return f"""select row__.*, {expression} as order__, ({expression})::text as cursor__
            from {froms[0]} {ordered}"""

    def _order(self, page: Page) -> tuple[str, str]:
        """What a row is ordered by, and ORDER BY."""
        expression = _named(self.paging.orders[page.shape.order].expression)
        direction = _direction(page)
        return expression, f"order by {expression} {direction}, row__.id {direction}"

    def _far(self, tie: Tie, page: Page, values: StatementParameters) -> str | None:
        """SQL: does a row come more than `FAR` rows behind where the page begins? Null where there are no more rows."""
        if self.query is not None:
            return None
        expression, order = self._order(page)
        place, sign = f"{expression}, row__.id", ">" if _direction(page) == "asc" else "<"
        begun = f"from {self.rows(page, values)} where ({_named(tie.condition.text)}){self.keyset(page, values)}"
        return f"({place}) {sign} (select {place} {begun} {order} offset {FAR} limit 1)"

    def ordered(self, page: Page, alias: str) -> str:
        """The order of a page's rows by what the page gives of each: PostgreSQL knows that they come in it already."""
        by_key = f"{alias}.id {_direction(page)}"
        # The key under two names is two things to PostgreSQL, and it would sort by the second.
        if self.paging.orders[page.shape.order].expression == "{row}.id":
            return by_key
        return f"{alias}.order__ {_direction(page)}, {by_key}"

    def count(
        self, page: Page, values: StatementParameters, guards: Iterable[str] = (), of_all: OfAll = attrgetter("text")
    ) -> str:
        """SQL for how many rows `owner__` has on all pages; the guards are as for `page`.

        Args:
            page: The page.
            values: Takes the statement's values.
            guards: As for `page`.
            of_all: Tells what is asked of each row; whoever asks when left out.
        """
        return " + ".join(
            f"(select count(*) from {self.rows(page, values)}"
            f" where {' and '.join([of_all(self.conditions(tie, page, values)), *guards])})"
            for tie in self.ties
        )

    def statement(self, page: Page, values: StatementParameters) -> str:
        """The page of each owner given."""
        return f"""select owner__.ordinal as ordinal__, page__.* from {self.owner.rows_by_key("owner__")}
            cross join lateral ({self.page(page, values)}) page__
            order by owner__.ordinal, {self.ordered(page, "page__")}"""

    def total(self, page: Page, values: StatementParameters) -> str:
        """How many rows each owner given has on all pages."""
        counted = self.count(page, values)
        return f"select owner__.ordinal, {counted} as total from {self.owner.rows_by_key('owner__')}"


def _named(text: str) -> str:
    """The text with the names that rows and their owners have in the statement."""
    return text.replace("{owner}", "owner__").replace("{row}", "row__")


def _direction(page: Page) -> str:
    return "desc" if page.shape.descending != page.shape.backward else "asc"
