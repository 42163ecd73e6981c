"""One page of a connection: its shape, which changes the SQL text, and its values, which don't."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gql.reading.cursors import Cursor


@dataclass(frozen=True)
class PageShape:
    """All that changes the SQL text of a page.

    Attributes:
        order: The name of the order.
        descending: Whether the order is descending, as the arguments say.
        backward: Whether the page is taken from the end.
        after: Whether the page begins after a cursor.
        before: Whether it ends before one.
        filters: The names of the filters whose value is a parameter, in order.
        literal_filters: The filters by an enum or by a list of enums, with the SQL of the value. PostgreSQL must know
            it when it plans, to choose a partial index and to estimate the number of rows.
    """

    order: str
    descending: bool
    backward: bool
    after: bool
    before: bool
    filters: tuple[str, ...]
    literal_filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """A page: its shape, and the values."""

    shape: PageShape
    size: int
    after: Cursor | None
    before: Cursor | None
    filters: tuple[Any, ...]
    parameters: tuple[Any, ...] = ()

    @property
    def values(self) -> list[Any]:
        """All values in order; pages of the same shape have the same number of them."""
        positions = [part for cursor in (self.after, self.before) if cursor for part in (cursor.value, cursor.key)]
        return [self.size, *positions, *self.filters, *self.parameters]

    def with_values(self, values: Iterable[Any]) -> "Page":
        """The page with other values, in the same order."""
        rest = iter(values)
        size = next(rest)
        after = Cursor(next(rest), next(rest)) if self.after else None
        before = Cursor(next(rest), next(rest)) if self.before else None
        filters = tuple(next(rest) for _ in self.filters)
        return Page(self.shape, size, after, before, filters, tuple(rest))
