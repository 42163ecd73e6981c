"""Objects by their global id."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any

from gql.context import Context
from gql.reading.nodes import check_id_count, parse_node_id
from gql.reading.sources import Record


async def node(context: Context, id: str) -> Record | None:  # noqa: A002  # the contract's name
    """The object, or None when there is none that the viewer may see."""
    source, key = parse_node_id(id)
    return await context.loaders.row(source, key, checked=True) if source else None


async def nodes(context: Context, ids: Sequence[str]) -> list[Any]:
    """The objects in the order of their ids, with None where there is none.

    Raises:
        BadArgument: More are asked for than a page holds.
    """
    return list(await gather(*(node(context, key) for key in check_id_count(ids))))
