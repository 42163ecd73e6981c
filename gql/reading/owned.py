"""What a rule asks of the column that ties a row to its owner, asked of the owner.

PostgreSQL then asks it once, and not of each of the owner's rows.
"""

import re
from typing import Final

_TIED: Final = re.compile(r"\{row\}\.(\w+) = \{owner\}\.(\w+)(?: and (?:(?!\bor\b).)*)?", re.DOTALL)
"""A join that says which column of the row holds which one of its owner."""


def of_owner(rule: str, join: str) -> str:
    """The rule about rows that are tied to their owner by that join."""
    tied = _TIED.fullmatch(join)
    return re.sub(rf"\{{row\}}\.{tied[1]}\b", f"{{owner}}.{tied[2]}", rule) if tied else rule
