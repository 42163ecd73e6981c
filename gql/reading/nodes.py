"""Parsing of the global ids by which clients refer to rows of any type."""

from collections.abc import Sequence

from gql.reading.faults import TooManyIds
from gql.reading.ids import NO_ROW, from_global_id
from gql.reading.paging import MAX_PAGE_SIZE
from gql.reading.sources import SOURCES, Source


def check_id_count(ids: Sequence[str]) -> Sequence[str]:
    """The ids, if they are few enough.

    Raises:
        TooManyIds: They are more than a page holds.
    """
    if len(ids) > MAX_PAGE_SIZE:
        raise TooManyIds(most=MAX_PAGE_SIZE, given=len(ids))
    return ids


def parse_node_id(value: str) -> tuple[Source | None, int]:
    """The entity and the key in a global id; no entity, and `NO_ROW`, for anything that isn't an id of ours."""
    parsed = from_global_id(value)
    source = SOURCES.get(parsed[0]) if parsed else None
    return (source, parsed[1]) if parsed and source and source.is_node else (None, NO_ROW)
