"""The contracts that somebody acts on, as the rules about rows of pages ask for them.

A rule asks of each row whether a group opens its contract. That is right for one row. For the rows of pages there are
two better forms. Where few contracts are opened, PostgreSQL had better find them all first, once for all rules. Where
there are many, it had better ask about one contract after another until the page is full; of rows that come far behind
the page's beginning it asks among all once more, since nothing says how many of them lie between those that are opened.

PostgreSQL reads of the contracts that are found no more than are asked for: of many, as many as tell that they are.
"""

import re
from typing import Final

from domain.visibility.access import FIXED, OPEN_LINK_OF_MINE, SPECIFIC, open_links_of
from domain.visibility.groups import TIED_TO_MINE

NAME: Final = "acted_on__"
MANY: Final = 200
"""How many links are still few."""
FAR_LINKS: Final = 20
"""How many of a group's contracts are asked about by themselves."""

# Each kind of member by itself: for either of them at once PostgreSQL would read all links of everybody.
_KINDS: Final = tuple(open_links_of(member) for member in (FIXED, SPECIFIC))
_FOUND: Final = " union all ".join(f"select al.contract_id from {links} where al.ended_at is null" for links in _KINDS)
TABLE: Final = f"{NAME} as ({_FOUND})"
"""What a statement begins with, one of whose rules names it."""

_COLUMN: Final = r"([\w.]+)"
_QUESTION: Final = re.escape(f"exists (select from {OPEN_LINK_OF_MINE}") + (
    rf"\s+where al\.contract_id = {_COLUMN} and al\.ended_at is null\)"
)
_ASKED: Final = re.compile(_QUESTION)
_TIED: Final = re.compile(re.escape(TIED_TO_MINE).replace(re.escape("{group}"), _COLUMN))
_ROW: Final = "row__"
"""What a page's statement calls its rows."""


def found_once(text: str) -> str:
    """A condition on rows of pages, in which the contracts are looked for among those that were found."""
    return _ASKED.sub(lambda asked: _among_all(asked[1]), text)


def asked_in_turn(text: str, owner: str, far: str | None) -> str:
    """A condition on the rows of a page or a list, which come one after another.

    Args:
        text: The condition.
        owner: What the statement calls the row that has the rows, itself one of few.
        far: SQL that is true of a page's rows far behind its beginning; None where that isn't known.
    """
    # Groups open contracts of their organisation alone: among an authority's, those that are opened are few.
    among_many = far if f"{_ROW}.organisation_id = {owner}.id" in text else None

    def asked(question: re.Match[str]) -> str:
        contract = question[1]
        if contract.startswith(f"{owner}."):
            return _in_turn(contract)
        return _in_turn(contract, among_many) if contract == f"{_ROW}.id" and among_many else question[0]

    return _ASKED.sub(asked, _TIED.sub(lambda tied: _tied(tied[1]), text))


def _tied(group: str) -> str:
    """Is the group tied to such a contract?"""
    links = f"group_link {{link}} where {{link}}.group_id = {group} and {{link}}.ended_at is null"
    far = f"(select fl.contract_id from {links.format(link='fl')} order by fl.contract_id offset {FAR_LINKS} limit 1)"
    asked = _in_turn("gl.contract_id", f"gl.contract_id > {far}")
    return f"exists (select from {links.format(link='gl')} and {asked})"


def _in_turn(contract: str, far: str | None = None) -> str:
    better_found = f"not exists (select from {NAME} offset {MANY})" + (f" or {far}" if far else "")
    return f"case when {better_found} then {_among_all(contract)} else {_by_itself(contract)} end"


def _among_all(contract: str) -> str:
    return f"{contract} in (select contract_id from {NAME})"


def _by_itself(contract: str) -> str:
    # With OFFSET, PostgreSQL asks about this contract and doesn't find all.
    links = (f"{links} where al.contract_id = {contract} and al.ended_at is null offset 0" for links in _KINDS)
    return "(" + " or ".join(f"exists (select from {each})" for each in links) + ")"
