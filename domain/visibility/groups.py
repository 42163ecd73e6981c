"""Which groups, links and memberships the one who asks may see."""

from domain.predicate import Predicate
from domain.visibility.access import OPEN_LINK_OF_MINE, acts_on

_MINE = """exists (select from membership gm where gm.group_id = {group} and gm.ended_at is null
      and gm.work_relation_id = any(:engaged))"""

TIED_TO_MINE = f"""exists (select from group_link gl where gl.group_id = {{group}} and gl.ended_at is null
      and exists (select from {OPEN_LINK_OF_MINE} where al.contract_id = gl.contract_id and al.ended_at is null))"""
"""Is the `{{group}}` tied to a contract that the asker acts on?"""


def _open_to_me(group: str) -> str:
    return f"({_MINE} or {TIED_TO_MINE})".replace("{group}", group)


group = Predicate(f"""{{row}}.organisation_id = any(:administers)
  or {{row}}.active and {{row}}.organisation_id = any(:uses) and {_open_to_me("{row}.id")}""")
"""All for administrators; for users their own groups and those tied to contracts that they act on."""

group_link = Predicate(f"""{{row}}.organisation_id = any(:administers)
  or {{row}}.ended_at is null and {acts_on("{row}.contract_id")}""")
"""All, ended ones too, for administrators; the open ones of contracts that one acts on."""

membership = Predicate(f"""{{row}}.organisation_id = any(:administers)
  or {{row}}.ended_at is null and {{row}}.organisation_id = any(:uses)
   and exists (select from access_group mg where mg.id = {{row}}.group_id and mg.active)
   and ({{row}}.work_relation_id = any(:engaged)
        or {{row}}.contract_id is null and {_open_to_me("{row}.group_id")}
        or {acts_on("{row}.contract_id")})""")
"""All for administrators; for users their own, the fixed members of groups that they see, and the contract-specific
members on contracts that they act on."""

membership_readers = Predicate(
    "{row}.organisation_id = any(:administers) or {row}.user_id = :person and {row}.organisation_id = any(:uses)"
)
"""May the asker read the memberships that hang on this work relation?"""
