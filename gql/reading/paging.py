"""The orders and filters of a connection, and the page that its arguments ask for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from strawberry.utils.str_converters import to_camel_case

from gql.reading.cursors import Cursor, is_storable
from gql.reading.faults import FirstAndLastGiven, InvalidCursor, PageSizeOutOfRange, TextNotStorable, ValueTooSmall
from gql.reading.ids import row_key_of
from gql.reading.pages import Page, PageShape

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 100


@dataclass(frozen=True)
class Order:
    """An order: an SQL expression over `{row}` that is never null, and its type."""

    expression: str
    sql_type: str


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query; it has a value even where its argument is null.

    Attributes:
        sql_type: The value's SQL type; with `entity`, the key's.
        entity: The GraphQL type whose global id the value is.
    """

    sql_type: str
    entity: str | None = None

    def value(self, argument: Any) -> Any:
        """The value as SQL takes it; an id of another type is that of no row."""
        return row_key_of(self.entity, argument) if self.entity else argument


@dataclass(frozen=True)
class Filter:
    """A condition over `{row}` and `:value`.

    Attributes:
        condition: SQL that is true of the rows to keep.
        sql_type: The value's SQL type; with `entity`, the key's.
        entity: The GraphQL type whose global id the value is.
        minimum: The minimum of a number.
        parse: Converts the argument to the value that SQL takes, where they differ.
    """

    condition: str
    sql_type: str
    entity: str | None = None
    minimum: int | None = None
    parse: Callable[[Any], Any] | None = None

    def value(self, name: str, argument: Any) -> Any:
        """The value of the filter called `name` as SQL takes it; an id of another type matches no row.

        Raises:
            BadArgument: The value can't be filtered by.
        """
        if self.entity:
            return row_key_of(self.entity, argument)
        if self.parse:
            return self.parse(argument)
        if self.minimum is not None and argument < self.minimum:
            raise ValueTooSmall(argument=to_camel_case(name), least=self.minimum, given=argument)
        if isinstance(argument, str) and not is_storable(argument):
            raise TextNotStorable(argument=to_camel_case(name))
        return argument

    def literal(self, argument: Enum | list[Enum]) -> str:
        """The SQL of an enum's value, or of several with commas between; null for an empty list."""
        values = {each.value for each in (argument if isinstance(argument, list) else [argument])}
        return ", ".join(f"'{value}'::{self.sql_type}" for value in sorted(values)) or "null"


@dataclass(frozen=True)
class Paging:
    """How a connection is ordered and filtered.

    Attributes:
        orders: The orders by name.
        default: The name of the default order, and whether it is descending.
        filters: The filters by name.
        condition: SQL over `{row}` that is true of every listed row.
        parameters: The values that the query of the listed rows names as `:name`.
    """

    orders: Mapping[str, Order]
    default: tuple[str, bool]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    condition: str | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def page(
        self,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        order: tuple[str, bool] | None = None,
        filters: Mapping[str, Any] | None = None,
    ) -> Page:
        """The page that the arguments of a connection ask for.

        Args:
            first: The size of a page from the start, 1 to 100; 50 when neither is given.
            after: A cursor that the page begins behind.
            last: The size of a page from the end, 1 to 100.
            before: A cursor that the page ends before.
            order: The order's name and whether it is descending.
            filters: The values by the filter's name; None doesn't filter.

        Raises:
            BadArgument: Both sizes are given, one is out of range, or a cursor isn't of this connection.
        """
        name, descending = order or self.default
        backward = last is not None or (first is None and before is not None and after is None)
        remaining = dict(filters or {})
        parameters = tuple(each.value(remaining.pop(key, None)) for key, each in self.parameters.items())
        values = {key: value for key, value in remaining.items() if value is not None}
        literals = {key: values.pop(key) for key, value in [*values.items()] if isinstance(value, Enum | list)}
        page_after, page_before = self._cursor("after", after, name), self._cursor("before", before, name)
        return Page(
            PageShape(
                name,
                descending,
                backward,
                page_after is not None,
                page_before is not None,
                tuple(values),
                tuple((key, self.filters[key].literal(value)) for key, value in literals.items()),
            ),
            _size(first, last),
            page_after,
            page_before,
            tuple(self.filters[key].value(key, value) for key, value in values.items()),
            parameters,
        )

    def parameter_values(self, page: Page) -> Iterable[tuple[str, Any]]:
        """The names of the parameters, each with its value on a page."""
        return zip(self.parameters, page.parameters, strict=True)

    def _cursor(self, name: str, argument: str | None, order: str) -> Cursor | None:
        try:
            return None if argument is None else Cursor.decode(argument, order, self.orders[order].sql_type)
        except ValueError:
            raise InvalidCursor(argument=name) from None


def _size(first: int | None, last: int | None) -> int:
    if first is not None and last is not None:
        raise FirstAndLastGiven
    name, size = ("first", first) if first is not None else ("last", last)
    if size is None:
        return DEFAULT_PAGE_SIZE
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise PageSizeOutOfRange(argument=name, most=MAX_PAGE_SIZE, given=size)
    return size
