"""Objects by their global id."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any

from gql.context import Context
from gql.reading.nodes import check_id_count, parse_node_id
from gql.reading.sources import Record


async def node(context: Context, id: str) -> Record | None:  # noqa: A002  # the contract's name
    """The object with an id, or None if there is none that the viewer may see."""
    source, key = parse_node_id(id)
    return await context.loaders.row(source, key, checked=True) if source else None


async def nodes(context: Context, ids: Sequence[str]) -> list[Any]:
    """The objects in the order of their ids, with None for each that the viewer may not see.

    Raises:
        BadArgument: There are more ids than a page may have rows.
    """
    return list(await gather(*(node(context, key) for key in check_id_count(ids))))
