"""Who reads what a contracting authority's system called something."""

from typing import Any, Final

from domain.predicate import among
from gql.reading.declare import guarded

OWN_AUTHORITY: Final = among("{row}.contracting_authority_id", "authority")
"""Is the asker the machine client of the authority that it came from?"""


def external_id() -> Any:
    """The id that the authority's system gave it, for that system alone."""
    return guarded("The authority's own id; null for anyone else.", OWN_AUTHORITY)
