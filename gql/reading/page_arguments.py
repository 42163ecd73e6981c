"""The arguments of connections."""

from typing import Any, Final

from gql.reading.fields import Argument
from gql.reading.sources import Record

PAGE_ARGUMENTS: Final = {
    "first": Argument(
        int | None, None, "The size of a page from the start: 1 to 100; 50 if neither `first` nor `last` is given."
    ),
    "after": Argument(str | None, None, "The page starts after this cursor."),
    "last": Argument(int | None, None, "The size of a page from the end: 1 to 100."),
    "before": Argument(str | None, None, "The page ends before this cursor."),
}
"""The arguments of every connection."""


def page_arguments(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a connection as `Paging.page` takes them: all others than an order are filters."""
    others = dict(arguments)
    page = {name: others.pop(name, None) for name in PAGE_ARGUMENTS}
    order = others.pop("order_by", None)
    filters = {**vars(others.pop("filter", None) or Record()), **others}
    page["order"] = (order.field.value, order.direction.value == "DESC") if order else None
    return {**page, "filters": filters}
