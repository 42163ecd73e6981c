"""Linking groups to a contract, as a transaction written by hand: it locks, checks and writes what the rule does.

It takes the way that is measured: a selection that is right, on a contract whose actions nobody has in hand.
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
SELECTABLE = f"""with {ME} select g.id from access_group g where g.id = any($5::bigint[]) and g.organisation_id = $6
  and g.active and {sql_of(visibility.group, "g")} order by g.id for update of g"""
SET_LINKS = """with stood as (
  select id, group_id from group_link where contract_id = $1 and ended_at is null
), ended as (
  update group_link set ended_at = clock_timestamp(), ended_by_id = $4
  where id in (select id from stood where group_id <> all($3::bigint[]))
  returning id
), left_behind as (
  update membership set ended_at = clock_timestamp(), ended_by_id = $4
  where group_link_id in (select id from ended) and ended_at is null
), begun as (
  insert into group_link (organisation_id, contract_id, group_id, linked_by_id, version)
  select $2, $1, chosen, $4, 1 from unnest($3::bigint[]) chosen where chosen not in (select group_id from stood)
), moved as (
  update contract set version = version + 1 where id = $1
)
insert into audit_entry (organisation_id, actor_id, action, subject_type, subject_id, before, after)
select $2, $4, 'CONTRACT_GROUPS_SET', 'Contract', $1,
  jsonb_build_object('groups', (select jsonb_agg(group_id order by group_id) from stood)),
  jsonb_build_object('groups', (select jsonb_agg(chosen order by chosen) from unnest($3::bigint[]) chosen))"""
ACTIONS = """select a.status = 'ASSIGNED' as held
  from action a join contract c on c.id = a.contract_id and c.ended_at is null
  where a.contract_id = $1 and a.status <> 'DONE' order by a.id for no key update of a"""
LINKED = f"""with {ME}
select '{{"data":{{"setContractGroups":' || row_to_json(payload) || '}}}}' from (select (
select row_to_json(changed) from (
  select {gid("Contract", "c.id")} as id, c.version, case when {sql_of(insiders_of, "c")} then array_to_json(array(
    select (select row_to_json(link) from (select (select row_to_json(tied) from (
      select {gid("Group", "g.id")} as id, g.name from access_group g where g.id = k.group_id) tied) as group) link)
    from group_link k where k.contract_id = c.id and k.ended_at is null and {sql_of(visibility.group_link, "k")}
    order by k.linked_at, k.id)) end as "groupLinks"
  from contract c where c.id = $5 and {sql_of(visibility.contract, "c")}
) changed) as contract, '[]'::json as errors) payload"""


async def link_groups(pool: asyncpg.Pool, viewer: Sequence[Any], wanted: dict[str, Any]) -> str:
    """Links groups for a viewer (keys of person, authority, session and narrowing); returns the response's body.

    Raises:
        ValueError: The selection is not one that is measured.
    """
    contract = key_of("Contract", wanted["contractId"])
    chosen = [key_of("Group", each) for each in wanted["groupIds"]]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(LOCK_GROUPS, contract)
        organisation, version = await connection.fetchrow(LOCK_CONTRACT, *viewer, contract)
        selectable = await connection.fetch(SELECTABLE, *viewer, chosen, organisation)
        if version != wanted["version"] or len(selectable) != len(chosen):
            raise ValueError("This selection can't be made.")
        await connection.execute(SET_LINKS, contract, organisation, chosen, viewer[0])
        if any(action["held"] for action in await connection.fetch(ACTIONS, contract)):
            raise ValueError("Somebody has an action of this contract in hand.")
        answer: str = await connection.fetchval(LINKED, *viewer, contract)
    return answer
