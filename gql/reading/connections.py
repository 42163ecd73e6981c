"""Loads pages of connections: one statement for all pages with the same arguments, and another for their totals."""

from collections.abc import Awaitable
from typing import Any

from gql.reading.cursors import Cursor
from gql.reading.listings import Listing
from gql.reading.loaders import Loaders, RowKey, key_columns
from gql.reading.pages import Page
from gql.reading.sources import Record, Source


async def read_page(loaders: Loaders, listing: Listing, page: Page, owner: Any) -> Record:
    """The page of the connection of a row (`owner`), as the record that the fields of a connection read."""
    key = listing.owner.key(owner)

    async def batch(keys: list[RowKey]) -> list[list[dict[str, Any]]]:
        values = key_columns(keys)
        pages: list[list[dict[str, Any]]] = [[] for _ in keys]
        for row in await loaders.select(listing.page_statement(page, values), values):
            pages[row.pop("ordinal__") - 1].append(row)
        return pages

    rows = await loaders.load_batched((listing.name, listing.owner.name, page), batch, key)
    return _connection(loaders, listing, page, key, rows)


def _connection(loaders: Loaders, listing: Listing, page: Page, key: RowKey, rows: list[dict[str, Any]]) -> Record:
    has_more = len(rows) > page.size
    page_rows = rows[: page.size]
    if page.shape.backward:
        page_rows.reverse()
    edges = [_edge(listing.target, page, dict(row)) for row in page_rows]
    return Record(
        edges=edges,
        page_info=Record(
            has_next_page=page.shape.before if page.shape.backward else has_more,
            has_previous_page=has_more if page.shape.backward else page.shape.after,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        count=lambda: _total(loaders, listing, page, key),
    )


def _edge(target: Source, page: Page, row: dict[str, Any]) -> Record:
    del row["order__"]
    cursor = Cursor(row.pop("cursor__"), row["id"]).encode(page.shape.order)
    return Record(cursor=cursor, node=target.record(row))


def _total(loaders: Loaders, listing: Listing, page: Page, key: RowKey) -> Awaitable[int]:
    async def batch(keys: list[RowKey]) -> list[int]:
        values = key_columns(keys)
        rows = await loaders.select(listing.total_statement(page, values), values)
        totals = {row["ordinal"]: row["total"] for row in rows}
        return [totals.get(ordinal, 0) for ordinal in range(1, len(keys) + 1)]

    shape = page.shape
    name = (
        listing.name,
        listing.owner.name,
        "total",
        shape.filters,
        shape.literal_filters,
        page.filters,
        page.parameters,
    )
    return loaders.load_batched(name, batch, key)
