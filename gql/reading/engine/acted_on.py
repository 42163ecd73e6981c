"""The contracts that somebody acts on, as the rules about rows of pages ask for them.

A rule asks of each row whether a group opens its contract. That is right for one row. For the rows of pages there are
two better forms. Where few contracts are opened, PostgreSQL had better find them all first, once for all rules. Where
there are many, it had better ask about one contract after another until the page is full; of rows that come far behind
the page's beginning it asks among all once more, since nothing says how many of them lie between those that are opened.

PostgreSQL reads of the contracts that are found no more than are asked for: of many, as many as tell that they are.
"""

from typing import Final

from domain.predicate import Predicate, all_of, any_of, exists
from domain.visibility.access import FIXED, MINE, SPECIFIC, ActsOn, open_links_of
from domain.visibility.groups import TiedToMine

NAME: Final = "acted_on__"
MANY: Final = 200
"""How many links are still few."""
FAR_LINKS: Final = 20
"""How many of a group's contracts are asked about by themselves."""

# Each kind of member by itself: for either of them at once PostgreSQL would read all links of everybody.
_KINDS: Final = tuple(open_links_of(member) for member in (FIXED, SPECIFIC))
_FOUND: Final = " union all ".join(
    f"select al.contract_id from {links} where {MINE.text} and al.ended_at is null" for links in _KINDS
)
TABLE: Final = f"{NAME} as ({_FOUND})"
"""What a statement begins with, one of whose rules names it."""

_ROW: Final = "row__"
"""What a page's statement calls its rows."""


def found_once(condition: Predicate) -> Predicate:
    """A condition on rows of pages, in which the contracts are looked for among those that were found."""

    def found(part: Predicate) -> Predicate | None:
        match part:
            case ActsOn(template=contract):
                return _among_all(contract)
            case TiedToMine(expansion=expansion):
                return found_once(expansion)
        return None

    return condition.replace_parts(found)


def asked_in_turn(condition: Predicate, owner: str, far: str | None) -> Predicate:
    """A condition on the rows of a page or a list, which come one after another.

    Args:
        condition: The condition.
        owner: What the statement calls the row that has the rows, itself one of few.
        far: SQL that is true of a page's rows far behind its beginning; None where that isn't known.
    """
    # Groups open contracts of their organisation alone: among an authority's, those that are opened are few.
    among_many = far if f"{_ROW}.organisation_id = {owner}.id" in condition.text else None

    def asked(part: Predicate) -> Predicate | None:
        match part:
            case ActsOn(template=contract) if contract.startswith(f"{owner}."):
                return _in_turn(contract)
            case ActsOn(template=contract) if contract == f"{_ROW}.id" and among_many:
                return _in_turn(contract, among_many)
            case TiedToMine(template=group):
                return _tied(group)
        return None

    return condition.replace_parts(asked)


def _tied(group: str) -> Predicate:
    """Is the group tied to such a contract?"""
    links = f"group_link {{link}} where {{link}}.group_id = {group} and {{link}}.ended_at is null"
    far = f"(select fl.contract_id from {links.format(link='fl')} order by fl.contract_id offset {FAR_LINKS} limit 1)"
    tied = f"gl.group_id = {group} and gl.ended_at is null"
    return exists("group_link gl", tied, _in_turn("gl.contract_id", f"gl.contract_id > {far}"))


def _in_turn(contract: str, far: str | None = None) -> Predicate:
    better_found = f"not exists (select from {NAME} offset {MANY})" + (f" or {far}" if far else "")
    return Predicate(
        f"case when {better_found} then {{0}} else {{1}} end", (_among_all(contract), _by_itself(contract))
    )


def _among_all(contract: str) -> Predicate:
    return Predicate(f"{contract} in (select contract_id from {NAME})")


def _by_itself(contract: str) -> Predicate:
    links = f"al.contract_id = {contract} and al.ended_at is null"
    # With OFFSET, PostgreSQL asks about this contract and doesn't find all.
    return any_of(*(exists(kind, all_of(MINE, links), rest=" offset 0") for kind in _KINDS))
