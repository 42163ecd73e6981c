"""The contracts that groups open to a USER, and the forms of the rules about them that are fastest for pages.

A rule asks for each row whether a group opens its contract, which is best for a single row. For the rows of a page,
there are two faster forms. If few contracts are opened, all of them are found first, once for all rules of the
statement. If there are many, contracts are checked one after another until the page is full; rows far from the
beginning of the page are looked up among all opened contracts nevertheless, since any number of others may lie in
between.

To find out which form applies, PostgreSQL reads no more opened contracts than make them many.
"""

from typing import Final

from domain.predicate import Predicate, all_of, any_of, exists
from domain.visibility.access import FIXED, OWN_MEMBERSHIP, SPECIFIC, ActsOn, open_links_with
from domain.visibility.groups import LinkedToMyContract

CTE_NAME: Final = "opened_contracts__"
FEW_LINKS: Final = 200
"""How many links count as few."""
NEAR_LINKS: Final = 20
"""How many of a group's contracts are checked one after another."""

# Each kind of member separately: for both at once PostgreSQL would read all links of all organisations.
_LINKS_BY_KIND: Final = tuple(open_links_with(member) for member in (FIXED, SPECIFIC))
_SELECT: Final = " union all ".join(
    f"select al.contract_id from {links} where {OWN_MEMBERSHIP.text} and al.ended_at is null"
    for links in _LINKS_BY_KIND
)
CTE: Final = f"{CTE_NAME} as ({_SELECT})"
"""The first CTE of a statement in which a rule refers to it."""

_ROW: Final = "row__"
"""The alias of a page's rows in its statement."""


def look_up_opened(condition: Predicate) -> Predicate:
    """The condition in a form that looks contracts up among the opened ones."""

    def replacement(part: Predicate) -> Predicate | None:
        match part:
            case ActsOn(template=contract):
                return _among_opened(contract)
            case LinkedToMyContract(expansion=expansion):
                return look_up_opened(expansion)
        return None

    return condition.replace_parts(replacement)


def check_in_turn(condition: Predicate, owner: str, far: str | None) -> Predicate:
    """The condition in a form that checks the rows of a page or a list one after another, if many are opened.

    Args:
        condition: The condition.
        owner: The alias of the row that has the rows; there are few of these.
        far: SQL that is true of rows far from the beginning of the page; None where that isn't known.
    """
    # Groups open contracts of their own organisation only: of an authority's contracts, few are opened.
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
    is_looked_up = f"not exists (select from {CTE_NAME} offset {FEW_LINKS})" + (f" or {far}" if far else "")
    return Predicate(
        f"case when {is_looked_up} then {{0}} else {{1}} end", (_among_opened(contract), _is_opened(contract))
    )


def _among_opened(contract: str) -> Predicate:
    return Predicate(f"{contract} in (select contract_id from {CTE_NAME})")


def _is_opened(contract: str) -> Predicate:
    link = f"al.contract_id = {contract} and al.ended_at is null"
    # OFFSET keeps PostgreSQL from finding all opened contracts in order to check one.
    return any_of(*(exists(links, all_of(OWN_MEMBERSHIP, link), rest=" offset 0") for links in _LINKS_BY_KIND))
