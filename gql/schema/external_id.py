"""What a contracting authority's system called something, for that system alone."""

from typing import Any

from domain import visibility
from gql.reading.declare import guarded


def external_id() -> Any:
    """The id that the authority's system gave it, for that system alone."""
    return guarded("The authority's own id; null for everybody else.", visibility.authority_of)
