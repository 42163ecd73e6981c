"""The contracts that groups open to a USER, as the rules about rows of pages look them up.

A rule checks of each row whether a group opens its contract. That is right for one row. For the rows of pages there are
two better forms. Where few contracts are opened, PostgreSQL had better find them all first, once for all rules. Where
there are many, it had better check one contract after another until the page is full; rows that come far behind the
page's beginning are looked up among all once more, since nothing says how many of them lie between the opened ones.

PostgreSQL reads no more of the opened contracts than it needs: of many, as many as tell that they are many.
"""

from typing import Final

from domain.predicate import Predicate, all_of, any_of, exists
from domain.visibility.access import FIXED, OWN_MEMBERSHIP, SPECIFIC, ActsOn, open_links_with
from domain.visibility.groups import LinkedToMyContract

CTE_NAME: Final = "opened_contracts__"
FEW_LINKS: Final = 200
"""How many links are few."""
NEAR_LINKS: Final = 20
"""How many of a group's contracts are checked one by one."""

# Each kind of member by itself: for either of them at once PostgreSQL would read all links of everybody.
_LINKS_BY_KIND: Final = tuple(open_links_with(member) for member in (FIXED, SPECIFIC))
_SELECT: Final = " union all ".join(
    f"select al.contract_id from {links} where {OWN_MEMBERSHIP.text} and al.ended_at is null"
    for links in _LINKS_BY_KIND
)
CTE: Final = f"{CTE_NAME} as ({_SELECT})"
"""The CTE that a statement begins with if one of its rules names it."""

_ROW: Final = "row__"
"""The alias of a page's rows in its statement."""


def look_up_opened(condition: Predicate) -> Predicate:
    """A condition on rows of pages that looks their contracts up among the opened ones."""

    def replacement(part: Predicate) -> Predicate | None:
        match part:
            case ActsOn(template=contract):
                return _among_opened(contract)
            case LinkedToMyContract(expansion=expansion):
                return look_up_opened(expansion)
        return None

    return condition.replace_parts(replacement)


def check_in_turn(condition: Predicate, owner: str, far: str | None) -> Predicate:
    """A condition that checks the rows of a page or a list one after another.

    Args:
        condition: The condition.
        owner: The alias of the row that has the rows, itself one of few.
        far: SQL that is true of a page's rows far behind its beginning; None where that isn't known.
    """
    # Groups open contracts of their organisation alone: among an authority's, those that are opened are few.
    far_of_organisation = far if f"{_ROW}.organisation_id = {owner}.id" in condition.text else None

    def replacement(part: Predicate) -> Predicate | None:
        match part:
            case ActsOn(template=contract) if contract.startswith(f"{owner}."):
                return _in_turn(contract)
            case ActsOn(template=contract) if contract == f"{_ROW}.id" and far_of_organisation:
                return _in_turn(contract, far_of_organisation)
            case LinkedToMyContract(template=group):
                return _linked_to_opened(group)
        return None

    return condition.replace_parts(replacement)


def _linked_to_opened(group: str) -> Predicate:
    """Is the group linked to an opened contract?"""
    links = f"group_link {{link}} where {{link}}.group_id = {group} and {{link}}.ended_at is null"
    far = f"(select fl.contract_id from {links.format(link='fl')} order by fl.contract_id offset {NEAR_LINKS} limit 1)"
    link = f"gl.group_id = {group} and gl.ended_at is null"
    return exists("group_link gl", link, _in_turn("gl.contract_id", f"gl.contract_id > {far}"))


def _in_turn(contract: str, far: str | None = None) -> Predicate:
    better_looked_up = f"not exists (select from {CTE_NAME} offset {FEW_LINKS})" + (f" or {far}" if far else "")
    return Predicate(
        f"case when {better_looked_up} then {{0}} else {{1}} end", (_among_opened(contract), _is_opened(contract))
    )


def _among_opened(contract: str) -> Predicate:
    return Predicate(f"{contract} in (select contract_id from {CTE_NAME})")


def _is_opened(contract: str) -> Predicate:
    link = f"al.contract_id = {contract} and al.ended_at is null"
    # With OFFSET, PostgreSQL checks this contract and doesn't find all.
    return any_of(*(exists(links, all_of(OWN_MEMBERSHIP, link), rest=" offset 0") for links in _LINKS_BY_KIND))
