"""Linking groups to a contract as a hand-written transaction, which locks, checks and writes what the rule does.

It covers what is measured: a valid selection, on a contract without assigned actions.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from bench.graph.statements import ME, gid, sql_of
from domain import visibility
from domain.visibility import insiders_of
from gql.reading.ids import key_of

LOCK_GROUPS = "select pg_advisory_xact_lock(hashtextextended('groups', organisation_id)) from contract where id = $1"
LOCK_CONTRACT = f"""with {ME} select c.organisation_id, c.version from contract c
  where c.id = $5 and c.ended_at is null and {sql_of(visibility.administrators_of, "c")} for no key update of c"""
SELECT_GROUPS = f"""with {ME} select g.id from access_group g where g.id = any($5::bigint[]) and g.organisation_id = $6
  and g.active and {sql_of(visibility.group, "g")} order by g.id for update of g"""
SET_LINKS = """with current_links as (
  select id, group_id from group_link where contract_id = $1 and ended_at is null
), ended as (
  update group_link set ended_at = clock_timestamp(), ended_by_id = $4
  where id in (select id from current_links where group_id <> all($3::bigint[]))
  returning id
), ended_memberships as (
  update membership set ended_at = clock_timestamp(), ended_by_id = $4
  where group_link_id in (select id from ended) and ended_at is null
), inserted as (
  insert into group_link (organisation_id, contract_id, group_id, linked_by_id, version)
  select $2, $1, selected, $4, 1 from unnest($3::bigint[]) selected
  where selected not in (select group_id from current_links)
), new_version as (
  update contract set version = version + 1 where id = $1
)
insert into audit_entry (organisation_id, actor_id, action, subject_type, subject_id, before, after)
select $2, $4, 'CONTRACT_GROUPS_SET', 'Contract', $1,
  jsonb_build_object('groups', (select jsonb_agg(group_id order by group_id) from current_links)),
  jsonb_build_object('groups', (select jsonb_agg(selected order by selected) from unnest($3::bigint[]) selected))"""
LOCK_ACTIONS = """select a.status = 'ASSIGNED' as is_assigned
  from action a join contract c on c.id = a.contract_id and c.ended_at is null
  where a.contract_id = $1 and a.status <> 'DONE' order by a.id for no key update of a"""
SELECT_PAYLOAD = f"""with {ME}
select '{{"data":{{"setContractGroups":' || row_to_json(payload) || '}}}}' from (select (
select row_to_json(contract) from (
  select {gid("Contract", "c.id")} as id, c.version, case when {sql_of(insiders_of, "c")} then array_to_json(array(
    select (select row_to_json(link) from (select (select row_to_json(linked_group) from (
      select {gid("Group", "g.id")} as id, g.name from access_group g where g.id = k.group_id
    ) linked_group) as group) link)
    from group_link k where k.contract_id = c.id and k.ended_at is null and {sql_of(visibility.group_link, "k")}
    order by k.linked_at, k.id)) end as "groupLinks"
  from contract c where c.id = $5 and {sql_of(visibility.contract, "c")}
) contract) as contract, '[]'::json as errors) payload"""


async def link_groups(pool: asyncpg.Pool, viewer: Sequence[Any], variables: dict[str, Any]) -> str:
    """Links groups for a viewer (keys of person, authority, session and narrowing); returns the response's body.

    Raises:
        ValueError: The selection isn't valid, or an action is assigned.
    """
    contract_id = key_of("Contract", variables["contractId"])
    group_ids = [key_of("Group", group) for group in variables["groupIds"]]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(LOCK_GROUPS, contract_id)
        organisation_id, version = await connection.fetchrow(LOCK_CONTRACT, *viewer, contract_id)
        groups = await connection.fetch(SELECT_GROUPS, *viewer, group_ids, organisation_id)
        if version != variables["version"] or len(groups) != len(group_ids):
            raise ValueError("The selection isn't valid.")
        await connection.execute(SET_LINKS, contract_id, organisation_id, group_ids, viewer[0])
        if any(action["is_assigned"] for action in await connection.fetch(LOCK_ACTIONS, contract_id)):
            raise ValueError("An action of this contract is assigned.")
        body: str = await connection.fetchval(SELECT_PAYLOAD, *viewer, contract_id)
    return body
