"""The groups through which the one who asks acts on a contract (domain: what a user may do on a contract)."""

from domain.predicate import Predicate

FIXED = "am.contract_id is null"
SPECIFIC = "am.group_link_id = al.id and am.contract_id = al.contract_id"
"""Its contract is the link's in any case; saying so lets PostgreSQL find it by the contract."""


def open_links_of(member: str) -> str:
    """Links (`al`) of groups (`ag`) in which the asker is such a member (`am`): `FIXED`, `SPECIFIC`, or either."""
    return f"""group_link al
  join access_group ag on ag.id = al.group_id and ag.active
  join membership am on am.group_id = al.group_id and am.ended_at is null
   and ({member}) and am.work_relation_id = any(:engaged)"""


OPEN_LINK_OF_MINE = open_links_of(f"{FIXED} or {SPECIFIC}")
"""Links (`al`) of groups (`ag`) in which the asker is a fixed member, or one for the link's contract (`am`)."""

_USER = "cardinality(:engaged) > 0"
"""Is the asker USER anywhere? Who isn't is spared the look for links, before the first row is read."""


def _on(contract: str, joins: str = "") -> str:
    """Is there such a link of the contract, with what it is joined to?"""
    return f"""({_USER} and exists (select from {OPEN_LINK_OF_MINE}{joins}
      where al.contract_id = {contract} and al.ended_at is null))"""


def _with_level(level: int) -> str:
    return f" join group_theme_level tl on tl.group_id = al.group_id and tl.valid_to is null and tl.level >= {level}"


def acts_on(contract: str) -> str:
    """Does the asker act on the contract whose key the SQL `contract` names?"""
    return _on(contract)


def has_level(contract: str, level: int, theme: str | None = None) -> str:
    """Has the asker, as USER, at least this document level there: on the theme, or on any?"""
    on_theme = f" and tl.theme_id = {theme}" if theme else ""
    return _on(contract, _with_level(level) + on_theme)


def has_level_on_visible_theme(contract: str, level: int) -> str:
    """Has the asker, as USER, at least this document level there on a theme that isn't hidden?"""
    return _on(contract, _with_level(level) + " join theme th on th.id = tl.theme_id and th.visible")


def may_write_reference(contract: str, contract_type: str) -> str:
    """Has the asker, as USER, the reference level WRITE there, the contract being of that type?"""
    levels = "group_reference_level rl on rl.group_id = al.group_id and rl.valid_to is null and rl.level >= 2"
    return _on(contract, f" join {levels} and rl.contract_type_id = {contract_type}")


def administers(contract: str) -> str:
    """Does the asker administer the organisation that carries out the contract?"""
    return f"exists (select from contract oc where oc.id = {contract} and oc.organisation_id = any(:administers))"


contract = Predicate(
    "{row}.organisation_id = any(:administers) or {row}.contracting_authority_id = :authority or " + acts_on("{row}.id")
)
"""Who sees a contract: administrators, the authority that awarded it, and users whom a group opens it to."""

contract_administrators = Predicate("{row}.organisation_id = any(:administers)")
"""Is the asker ADMINISTRATOR of the organisation that carries out the contract?"""
