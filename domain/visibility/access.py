"""Which contracts the actor acts on through groups, and with which levels."""

from dataclasses import dataclass
from typing import Final

from domain.predicate import NamedPredicate, Predicate, all_of, among, any_of, exists, holds
from domain.visibility.organisations import administrators_of, authority_of

FIXED: Final = "am.contract_id is null"
SPECIFIC: Final = "am.group_link_id = al.id and am.contract_id = al.contract_id"
"""The second condition follows from the first; it lets PostgreSQL use the index by contract."""
OWN_MEMBERSHIP: Final = among("am.work_relation_id", "user_work_relations")
"""Is the membership (`am`) the actor's?"""


def open_links_with(members: str) -> str:
    """FROM: links (`al`) of active groups (`ag`) with their open memberships (`am`).

    Args:
        members: Which memberships: `FIXED`, `SPECIFIC`, or either.
    """
    return f"""group_link al
  join access_group ag on ag.id = al.group_id and ag.active
  join membership am on am.group_id = al.group_id and am.ended_at is null and ({members})"""


OPEN_LINKS: Final = open_links_with(f"{FIXED} or {SPECIFIC}")
"""FROM: links (`al`) of active groups (`ag`) with fixed memberships and those for the link's contract (`am`)."""


@dataclass(frozen=True, eq=False)
class ActsOn(NamedPredicate):
    """Does the actor act on the contract whose key is the template?"""

    @property
    def expansion(self) -> Predicate:
        """The condition as it is checked of one row."""
        return _has_open_link(self.template)


def acts_on(contract: str) -> Predicate:
    """Does the actor act on the contract whose key is the SQL `contract`?"""
    return ActsOn(contract)


def has_level(contract: str, level: int, theme: str | None = None) -> Predicate:
    """Has the actor, as USER, at least this document level on the contract: on the theme, or on any?"""
    on_theme = f" and tl.theme_id = {theme}" if theme else ""
    return _has_open_link(contract, _with_level(level) + on_theme)


def has_level_on_visible_theme(contract: str, level: int) -> Predicate:
    """Has the actor, as USER, at least this document level on the contract on any theme that isn't hidden?"""
    return _has_open_link(contract, _with_level(level) + " join theme th on th.id = tl.theme_id and th.visible")


def may_write_reference(contract: str, contract_type: str) -> Predicate:
    """Has the actor, as USER, the reference level WRITE on the contract, which is of that type?"""
    levels = "group_reference_level rl on rl.group_id = al.group_id and rl.valid_to is null and rl.level >= 2"
    return _has_open_link(contract, f" join {levels} and rl.contract_type_id = {contract_type}")


def administers(contract: str) -> Predicate:
    """Does the actor administer the organisation that carries out the contract?"""
    return exists("contract oc", f"oc.id = {contract}", among("oc.organisation_id", "administers"))


def _has_open_link(contract: str, joins: str = "") -> Predicate:
    """Has the contract an open link to a group of the actor, with which the joins find a row?"""
    link = exists(OPEN_LINKS + joins, OWN_MEMBERSHIP, f"al.contract_id = {contract} and al.ended_at is null")
    # For an actor who is USER nowhere, the links are not read at all.
    return all_of(holds("user_work_relations"), link)


def _with_level(level: int) -> str:
    return f" join group_theme_level tl on tl.group_id = al.group_id and tl.valid_to is null and tl.level >= {level}"


contract = any_of(administrators_of, authority_of, acts_on("{row}.id"))
"""Administrators, the authority that awarded it, and users who act on it through a group."""
