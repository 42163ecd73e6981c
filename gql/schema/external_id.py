"""The id that a contracting authority's system gave to an object, readable by that system only."""

from typing import Any

from domain import visibility
from gql.reading.declare import guarded


def external_id() -> Any:
    """The field with the authority's own id."""
    return guarded("The authority's own id; null for everybody else.", visibility.authority_of)
