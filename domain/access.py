"""What a user may do on a contract, today, and why: SQL over a row with `user_id` and `contract_id`.

Where visibility asks whether the one who asks may see a contract, this explains anyone's access with its reasons. The
tests hold both to the same naive reading of the domain.
"""

from typing import Final

ACTIVE_RIGHTS: Final = """
  access_right r
  join work_relation w on w.id = r.work_relation_id
  join work_relation_period p on p.work_relation_id = w.id and brussels_today() between p.valid_from and p.valid_until
  join access_right_role ro on ro.access_right_id = r.id and ro.valid_to is null"""
"""FROM: a row for each role (`ro`) of each right (`r`) that counts, with its work relation (`w`)."""

ACCESS_REASONS: Final = f"""
  select member__, right_id, mandate_id, group_id, membership_id, contract_id from (
    select 'AdministratorAccess' as member__, r.id as right_id, null::bigint as mandate_id, null::bigint as group_id,
      null::bigint as membership_id, c.id as contract_id, 1 as rank
    from contract c, {ACTIVE_RIGHTS}
    where c.id = {{row}}.contract_id and r.revoked_at is null and w.user_id = {{row}}.user_id
      and w.organisation_id = c.organisation_id and ro.role = 'ADMINISTRATOR'
    union all
    select 'AdministratorAccess', null, m.id, null, null, c.id, 2
    from contract c join access_mandate m on m.organisation_id = c.organisation_id
    where c.id = {{row}}.contract_id and m.user_id = {{row}}.user_id and m.kind = 'LEGAL_REPRESENTATIVE'
      and m.ended_at is null
    union all
    select 'GroupAccess', null, null, l.group_id, m.id, l.contract_id, 3
    from group_link l
    join access_group g on g.id = l.group_id and g.active
    join membership m on m.group_id = l.group_id and m.ended_at is null and m.user_id = {{row}}.user_id
     and (m.contract_id is null or m.group_link_id = l.id)
    where l.contract_id = {{row}}.contract_id and l.ended_at is null and exists (
      select from {ACTIVE_RIGHTS} where r.revoked_at is null and r.work_relation_id = m.work_relation_id
      and ro.role = 'USER')
  ) reason order by rank, group_id, membership_id"""
"""A row for each reason; `member__` says which kind it is."""

ACCESS_THEME_LEVELS: Final = f"""
  select th.id as theme_id, coalesce(max(given.level), 0) as level
  from theme th
  left join (
    select t.id as theme_id, case when reason.member__ = 'AdministratorAccess' then 1 else tl.level end as level
    from ({ACCESS_REASONS}) reason
    cross join theme t
    left join group_theme_level tl on tl.group_id = reason.group_id and tl.theme_id = t.id and tl.valid_to is null
  ) given on given.theme_id = th.id
  group by th.id
  having th.visible or coalesce(max(given.level), 0) > 0
  order by th.id"""
"""A row for each theme with the highest level that any reason gives."""

GROUP_REFERENCE_LEVEL: Final = """(select coalesce(max(rl.level), 1) from contract rc
  left join group_reference_level rl on rl.contract_type_id = rc.type_id and rl.valid_to is null
   and rl.group_id = {row}.group_id
  where rc.id = {row}.contract_id)"""
"""The level that a group gives on the own reference of a contract; READ when nothing is set."""

ACCESS_REFERENCE_LEVEL: Final = f"""(
  select max(case when reason.member__ = 'AdministratorAccess' then 2 else coalesce(rl.level, 1) end)
  from ({ACCESS_REASONS}) reason
  join contract rc on rc.id = reason.contract_id
  left join group_reference_level rl on rl.group_id = reason.group_id and rl.contract_type_id = rc.type_id
   and rl.valid_to is null)"""
"""The highest level on the own reference that any reason gives; null without one."""
