"""Objects by their global id."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any

from gql.context import Context
from gql.reading.nodes import at_most_a_page, named_node
from gql.reading.sources import Record


async def node(context: Context, id: str) -> Record | None:  # noqa: A002  # the contract's name
    """The object, or None when there is none that the viewer may see."""
    source, key = named_node(id)
    return await context.loaders.row(source, key, checked=True) if source else None


async def nodes(context: Context, ids: Sequence[str]) -> list[Any]:
    """The objects in the order of their ids, with None where there is none.

    Raises:
        BadArgument: More are asked for than a page holds.
    """
    return list(await gather(*(node(context, key) for key in at_most_a_page(ids))))
