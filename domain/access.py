"""What a user may do on a contract, today or on a past day, and why: SQL over a row with `user_id` and `contract_id`.

Visibility decides whether the actor may see a contract; this explains anyone's access with its reasons. The tests check
both against the same naive implementation of the domain.
"""

from typing import Final

from domain.access_reasons import current_reasons, past_reasons
from domain.models import DocumentLevel

_THIS_CONTRACT: Final = "c.id = {row}.contract_id"
_THIS_USER: Final = "{person} = {row}.user_id"

CURRENT_REASONS: Final = current_reasons(_THIS_CONTRACT, _THIS_USER)
"""A row for each reason that applies now; `member__` is its kind."""

ACCESS_REASONS: Final = f"""
  select * from (
    select today.* from ({current_reasons(_THIS_CONTRACT, _THIS_USER)}) today where {{row}}.as_of is null
    union all
    select past.* from ({past_reasons("{row}.as_of", _THIS_CONTRACT, _THIS_USER)}) past where {{row}}.as_of is not null
  ) reason order by rank, group_id, membership_id, right_id, mandate_id"""
"""The same over a row that has `as_of` too: at any moment of that day, or now when it is null.

`during` is a multirange as text: when on that day the reason applied; null for now.
"""


def level_in_force(level: str, during: str) -> str:
    """SQL: is a row of levels in force now, or was it within the multirange that `during` names?"""
    return f"""case when {during} is null then {level}.valid_to is null
      else {during}::tstzmultirange && tstzrange({level}.valid_from, {level}.valid_to) end"""


def _types_in_force(contract: str, during: str) -> str:
    """FROM: the types (`type_id`) that a contract has now, or had within the multirange that `during` names.

    Each comes with when it was in force (`during`): a multirange as text, null for now.
    """
    former = f"from former_contract_type fct where fct.contract_id = {contract}.id"
    return f"""(
    select {contract}.type_id, null::text as during where {during} is null
    union all
    select type_id, ({during}::tstzmultirange * tstzmultirange(period))::text
    from (
      select fct.type_id, tstzrange(fct.valid_from, fct.valid_to) as period {former}
      union all
      select {contract}.type_id, tstzrange((select max(fct.valid_to) {former}), null)
    ) typed
    where {during} is not null and {during}::tstzmultirange && period)"""


def _theme_levels(reasons: str) -> str:
    return f"""
  select th.id as theme_id, coalesce(max(granted.level), 0) as level
  from theme th
  left join (
    select t.id as theme_id, case when reason.member__ = 'AdministratorAccess' then 1 else tl.level end as level
    from ({reasons}) reason
    cross join theme t
    left join group_theme_level tl on tl.group_id = reason.group_id and tl.theme_id = t.id
     and {level_in_force("tl", "reason.during")}
  ) granted on granted.theme_id = th.id
  group by th.id
  having th.visible or coalesce(max(granted.level), 0) > 0
  order by th.id"""


ACCESS_THEME_LEVELS: Final = _theme_levels(CURRENT_REASONS)
"""A row for each theme with the highest level that any reason gives now."""

ACCESS_THEME_LEVELS_ON_DAY: Final = _theme_levels(ACCESS_REASONS)
"""The same over a row that has `as_of` too."""

GROUP_THEME_LEVELS_ON_DAY: Final = f"""
  select th.id as theme_id, coalesce(max(tl.level), 0) as level from theme th
  left join group_theme_level tl on tl.theme_id = th.id and tl.group_id = {{row}}.group_id
   and {level_in_force("tl", "{row}.during")}
  group by th.id
  having th.visible or coalesce(max(tl.level), 0) > 0
  order by th.id"""
"""A row for each theme with the level that a group gave through a reason; the row has the reason's `during`."""

GROUP_REFERENCE_LEVEL: Final = f"""(select coalesce(max(rl.level), 1) from contract rc
  cross join lateral {_types_in_force("rc", "{row}.during")} ct
  left join group_reference_level rl on rl.contract_type_id = ct.type_id and rl.group_id = {{row}}.group_id
   and {level_in_force("rl", "ct.during")}
  where rc.id = {{row}}.contract_id)"""
"""The level on the own reference of a contract that a group gave through a reason; READ when nothing is set."""

ACCESS_REFERENCE_LEVEL: Final = f"""(
  select max(case when reason.member__ = 'AdministratorAccess' then 2 else coalesce(rl.level, 1) end)
  from ({ACCESS_REASONS}) reason
  join contract rc on rc.id = reason.contract_id
  cross join lateral {_types_in_force("rc", "reason.during")} ct
  left join group_reference_level rl on rl.group_id = reason.group_id and rl.contract_type_id = ct.type_id
   and {level_in_force("rl", "ct.during")})"""
"""The highest level on the own reference that any reason gives; null without one."""


def accesses(as_of: str, contracts: str, people: str) -> str:
    """SQL: the distinct pairs of `user_id` and `contract_id` with access on a day.

    Args:
        as_of: SQL for the day; null means now.
        contracts: A condition on the contract `c`.
        people: A condition on the person whose key `{person}` names.
    """
    return f"""
      select today.user_id, today.contract_id from ({current_reasons(contracts, people)}) today where {as_of} is null
      union
      select past.user_id, past.contract_id from ({past_reasons(as_of, contracts, people)}) past
      where {as_of} is not null"""


def may_take_action(user: str, contract: str, document: str) -> str:
    """SQL: may somebody take an action: draw up documents on its document's theme, or on any theme without a document?

    Args:
        user: SQL for the person's key.
        contract: SQL for the key of the action's contract.
        document: SQL for the key of the document that the action is about, or null.
    """
    return f"""exists (
  select from (select {user} as user_id, {contract} as contract_id) candidate
  cross join lateral ({ACCESS_THEME_LEVELS.replace("{row}", "candidate")}) granted
  where granted.level >= {DocumentLevel.DRAFT.value} and ({document} is null
    or granted.theme_id = (select jd.theme_id from document jd where jd.id = {document})))"""
