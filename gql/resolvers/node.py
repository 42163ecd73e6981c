"""Objects by their global id."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any

from gql.context import Context
from gql.reading.ids import from_global_id
from gql.reading.pages import LARGEST, BadPage
from gql.reading.sources import SOURCES, Record


async def node(context: Context, id: str) -> Record | None:  # noqa: A002  # the contract's name
    """The object, or None when there is none that the viewer may see."""
    found = from_global_id(id)
    source = SOURCES.get(found[0]) if found else None
    if found is None or source is None or not source.is_node:
        return None
    return await context.loaders.row(source, found[1], checked=True)


async def nodes(context: Context, ids: Sequence[str]) -> list[Any]:
    """The objects in the order of their ids, with None where there is none.

    Raises:
        BadPage: More are asked for than a page holds.
    """
    if len(ids) > LARGEST:
        raise BadPage(f"At most {LARGEST} ids can be asked for at once; {len(ids)} were given.")
    return list(await gather(*(node(context, key) for key in ids)))
