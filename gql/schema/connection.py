"""Relay's connections."""

from typing import Any, Generic, TypeVar

import strawberry

Listed = TypeVar("Listed")


@strawberry.type(description="The start and end of a page, and whether there are more.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are rows after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there are rows before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first row; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last row; null on an empty page.")


@strawberry.type(description="A row of a page, and its cursor.")
class Edge(Generic[Listed]):
    cursor: str = strawberry.field(description="The row's position, for `after` or `before`.")
    node: Listed = strawberry.field(description="The row.")


async def _total(root: Any) -> int:
    total: int = await root.count()
    return total


@strawberry.type(description="A page of rows in a fixed order.")
class Connection(Generic[Listed]):
    edges: list[Edge[Listed]] = strawberry.field(description="The rows of this page.")
    page_info: PageInfo = strawberry.field(description="The start and end of the page.")
    total_count: int = strawberry.field(resolver=_total, description="The number of rows on all pages.")
