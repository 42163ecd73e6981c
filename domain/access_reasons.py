"""Why people have access to contracts, now or on a past day: the only definition of the reasons.

Both statements have the same columns: `member__` (the kind of reason), `user_id`, `contract_id`, the keys of the rows
that give access, `during` and `rank`. Rows that have ended count for the days on which they were open.
"""

from typing import Final

ACTIVE_RIGHTS: Final = """
  access_right r
  join work_relation w on w.id = r.work_relation_id
  join work_relation_period p on p.work_relation_id = w.id and brussels_today() between p.valid_from and p.valid_until
  join access_right_role ro on ro.access_right_id = r.id and ro.valid_to is null"""
"""FROM: a row for each role (`ro`) of each right (`r`) that counts, with its work relation (`w`)."""

OPEN_MEMBERSHIPS: Final = """contract c
    join group_link l on l.contract_id = c.id and l.ended_at is null
    join access_group g on g.id = l.group_id and g.active
    join membership m on m.group_id = l.group_id and m.ended_at is null
     and (m.contract_id is null or m.group_link_id = l.id)"""
"""FROM: a row for each membership (`m`), fixed or for the contract, in each active group (`g`) that is linked to it."""


def current_reasons(contracts: str, people: str) -> str:
    """SQL: a row for each reason that applies now.

    Args:
        contracts: A condition on the contract `c`.
        people: A condition on the person whose key `{person}` names.
    """
    of_right, of_member = people.replace("{person}", "w.user_id"), people.replace("{person}", "m.user_id")
    return f"""
    select 'AdministratorAccess' as member__, w.user_id, c.id as contract_id, r.id as right_id,
      null::bigint as mandate_id, null::bigint as group_id, null::bigint as membership_id, null::text as during,
      1 as rank
    from contract c, {ACTIVE_RIGHTS}
    where {contracts} and r.revoked_at is null and {of_right}
      and w.organisation_id = c.organisation_id and ro.role = 'ADMINISTRATOR'
    union all
    select 'AdministratorAccess', m.user_id, c.id, null, m.id, null, null, null, 2
    from contract c join access_mandate m on m.organisation_id = c.organisation_id
    where {contracts} and {of_member} and m.kind = 'LEGAL_REPRESENTATIVE' and m.ended_at is null
    union all
    select 'GroupAccess', m.user_id, c.id, null, null, l.group_id, m.id, null, 3
    from {OPEN_MEMBERSHIPS}
    where {contracts} and {of_member} and exists (
      select from {ACTIVE_RIGHTS} where r.revoked_at is null and r.work_relation_id = m.work_relation_id
      and ro.role = 'USER')"""


def past_reasons(as_of: str, contracts: str, people: str) -> str:
    """SQL: a row for each reason that applied at any moment of a day in Brussels, when all its rows were open.

    Args:
        as_of: SQL for the day.
        contracts: A condition on the contract `c`.
        people: A condition on the person whose key `{person}` names.
    """
    day = (
        f"tstzrange(({as_of})::timestamp at time zone 'Europe/Brussels',"
        f" (({as_of}) + 1)::timestamp at time zone 'Europe/Brussels')"
    )
    right = f"""{day} * tstzrange(c.published_at, null) * tstzrange(r.granted_at, r.revoked_at)
      * tstzrange(ro.valid_from, ro.valid_to)"""
    mandate = f"{day} * tstzrange(c.published_at, null) * tstzrange(m.since, m.ended_at)"
    member = f"""{right} * tstzrange(l.linked_at, l.ended_at) * tstzrange(m.since, m.ended_at)
      * tstzrange(null, g.deactivated_at)"""
    of_right, of_member = people.replace("{person}", "w.user_id"), people.replace("{person}", "m.user_id")
    return f"""
    select 'AdministratorAccess' as member__, w.user_id, c.id as contract_id, r.id as right_id,
      null::bigint as mandate_id, null::bigint as group_id, null::bigint as membership_id,
      range_agg({right})::text as during, 1 as rank
    from contract c
    join work_relation w on w.organisation_id = c.organisation_id
    {_rights(as_of, "w.id", "ADMINISTRATOR")}
    where {contracts} and {of_right}
    group by w.user_id, c.id, r.id
    having not isempty(range_agg({right}))
    union all
    select 'AdministratorAccess', m.user_id, c.id, null, m.id, null, null, range_agg({mandate})::text, 2
    from contract c join access_mandate m on m.organisation_id = c.organisation_id and m.kind = 'LEGAL_REPRESENTATIVE'
    where {contracts} and {of_member}
    group by m.user_id, c.id, m.id
    having not isempty(range_agg({mandate}))
    union all
    select 'GroupAccess', m.user_id, c.id, null, null, l.group_id, m.id, range_agg({member})::text, 3
    from contract c
    join group_link l on l.contract_id = c.id
    join access_group g on g.id = l.group_id
    join membership m on m.group_id = l.group_id and (m.contract_id is null or m.group_link_id = l.id)
    {_rights(as_of, "m.work_relation_id", "USER")}
    where {contracts} and {of_member}
    group by m.user_id, c.id, l.group_id, m.id
    having not isempty(range_agg({member}))"""


def _rights(as_of: str, work_relation: str, role: str) -> str:
    """JOIN: the rights (`r`) and the rows of one role (`ro`) on work relations that ran on the day."""
    return f"""join work_relation_period p on p.work_relation_id = {work_relation}
     and ({as_of}) between p.valid_from and p.valid_until
    join access_right r on r.work_relation_id = {work_relation}
    join access_right_role ro on ro.access_right_id = r.id and ro.role = '{role}'"""
