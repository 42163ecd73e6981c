"""The contracts that somebody acts on, found once for all pages of a statement.

A rule asks of each row whether a group opens its contract. That is right for one row. For the rows of pages PostgreSQL
does better to find all such contracts first; but it does so for each rule anew, and not at all where somebody is USER
by several work relations, of whom it expects too much.
"""

import re
from typing import Final

from domain.visibility.access import FIXED, OPEN_LINK_OF_MINE, SPECIFIC, open_links_of

NAME: Final = "acted_on__"
# Each kind of member by itself: for either of them at once PostgreSQL would read all links of everybody.
_FOUND: Final = " union all ".join(
    f"select al.contract_id from {open_links_of(member)} where al.ended_at is null" for member in (FIXED, SPECIFIC)
)
TABLE: Final = f"{NAME} as ({_FOUND})"
"""What a statement begins with, one of whose rules names it."""
_ASKED: Final = re.compile(
    rf"exists \(select from {re.escape(OPEN_LINK_OF_MINE)}"
    r"\s+where al\.contract_id = ([\w.]+) and al\.ended_at is null\)"
)


def found_once(text: str) -> str:
    """A condition on rows of pages, in which the contracts are looked for among those that were found."""
    return _ASKED.sub(rf"\1 in (select contract_id from {NAME})", text)
