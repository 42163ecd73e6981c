"""Loads pages of connections: one statement for all pages with the same arguments, and another for their totals."""

from collections.abc import Awaitable
from typing import Any

from gql.reading.cursors import Cursor
from gql.reading.listings import Listing
from gql.reading.loaders import Loaders, RowKey, key_columns
from gql.reading.pages import Page
from gql.reading.sources import Record, Source


async def read_page(loaders: Loaders, listing: Listing, page: Page, row: Any) -> Record:
    """The page of a row's connection, as the record that the fields of a connection read."""
    key = listing.owner.key(row)

    async def batch(keys: list[RowKey]) -> list[list[dict[str, Any]]]:
        values = key_columns(keys)
        found: list[list[dict[str, Any]]] = [[] for _ in keys]
        for read in await loaders.select(listing.page_statement(page, values), values):
            found[read.pop("ordinal__") - 1].append(read)
        return found

    rows = await loaders.load_batched((listing.name, listing.owner.name, page), batch, key)
    return _connection(loaders, listing, page, key, rows)


def _connection(loaders: Loaders, listing: Listing, page: Page, key: RowKey, rows: list[dict[str, Any]]) -> Record:
    has_more = len(rows) > page.size
    shown = rows[: page.size]
    if page.shape.backward:
        shown = shown[::-1]
    edges = [_edge(listing.target, page, dict(row)) for row in shown]
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
        found = {
            read["ordinal"]: read["total"]
            for read in await loaders.select(listing.total_statement(page, values), values)
        }
        return [found.get(ordinal, 0) for ordinal in range(1, len(keys) + 1)]

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
