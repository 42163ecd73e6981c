"""The contracts that somebody acts on, found once for all pages of a statement.

A rule asks of each row whether a group opens its contract. That is right for one row. For the rows of pages PostgreSQL
does better to find all such contracts first; but it does so for each rule anew, and not at all where somebody is USER
by several work relations, of whom it expects too much.
"""

import re
from typing import Final

from domain.visibility.access import OPEN_LINK_OF_MINE

NAME: Final = "acted_on__"
TABLE: Final = f"{NAME} as (select al.contract_id from {OPEN_LINK_OF_MINE} where al.ended_at is null)"
"""What a statement begins with, one of whose rules names it."""
_ASKED: Final = re.compile(
    rf"exists \(select from {re.escape(OPEN_LINK_OF_MINE)}"
    r"\s+where al\.contract_id = ([\w.]+) and al\.ended_at is null\)"
)


def found_once(text: str) -> str:
    """A condition on rows of pages, in which the contracts are looked for among those that were found."""
    return _ASKED.sub(rf"\1 in (select contract_id from {NAME})", text)
