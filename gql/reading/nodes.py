"""Objects that clients name by their global ids, of whatever type."""

from collections.abc import Sequence

from gql.reading.ids import NO_ROW, from_global_id
from gql.reading.paging import LARGEST
from gql.reading.refusals import TooManyIds
from gql.reading.sources import SOURCES, Source


def at_most_a_page(ids: Sequence[str]) -> Sequence[str]:
    """The ids.

    Raises:
        TooManyIds: They are more than a page holds.
    """
    if len(ids) > LARGEST:
        raise TooManyIds(most=LARGEST, given=len(ids))
    return ids


def named_node(given: str) -> tuple[Source | None, int]:
    """The entity and the key that a global id names; no entity, and no row's key, for what is no id of ours."""
    found = from_global_id(given)
    source = SOURCES.get(found[0]) if found else None
    return (source, found[1]) if found and source and source.is_node else (None, NO_ROW)
