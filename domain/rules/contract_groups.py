"""Groups linked to a contract and unlinked from it (manual 3.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import INSERT_AUDIT_ENTRIES, ActorTransaction, actor_transaction, require_version
from domain.models import AuditAction, Contract
from domain.policies.abilities import Ability
from domain.refusals import ContractEnded, Findings, GivenTwice, GroupInactive, NotFound
from domain.rules.action_release import release_lost_actions

# PostgreSQL runs the updates of one statement in no particular order. The counts force it to end all memberships before
# the links.
_END_LINKS: Final = """ended_memberships as (
    update membership set ended_at = clock_timestamp(), ended_by_id = $1::bigint
    where group_link_id in (select id from ending) and ended_at is null
    returning id
  ), ended as (
    update group_link set ended_at = clock_timestamp(), ended_by_id = $1::bigint
    where id in (select id from ending) and (select count(*) from ended_memberships) >= 0
    returning id
  )"""

_UNLINK: Final = f"""with ending as (select unnest($2::bigint[]) as id), {_END_LINKS}
  select id from ended_memberships where (select count(*) from ended) >= 0 order by id"""

# The groups are locked first, so that none is deleted concurrently; nothing is changed unless all can be linked.
_SET_LINKS: Final = f"""with selected as materialized (
    select t.id, t.name, t.active from access_group t
    where t.id = any($5::bigint[]) and t.organisation_id = $7::bigint and {visibility.group.sql_for("t")}
    order by t.id for update of t
  ), all_linkable as materialized (
    select from selected having count(*) filter (where active) = $8::bigint
  ), existing as (
    select id, group_id from group_link
    where contract_id = $6::bigint and ended_at is null and exists (select from all_linkable)
  ), ending as (
    select id from existing where group_id <> all($5::bigint[])
  ), {_END_LINKS}, inserted as (
    insert into group_link (organisation_id, contract_id, group_id, linked_by_id, version)
    select $7::bigint, $6::bigint, s.id, $1::bigint, 1 from selected s
    where s.id not in (select group_id from existing) and exists (select from all_linkable) order by s.id
    returning id
  ), done as (
    select $7::bigint as organisation_id, 'Contract' as subject_type, $6::bigint as subject_id, 1 as place,
      jsonb_build_object('groups', array(select group_id from existing order by group_id)) as before,
      jsonb_build_object('groups', array(select id from selected order by id)) as after
    where exists (select from ended) or exists (select from inserted)
  ), next_version as (
    update contract set version = version + 1 where id = $6::bigint and exists (select from done)
  ), recorded as ({INSERT_AUDIT_ENTRIES})
  select s.*, exists (select from done) as changed,
    array(select id from ended order by id) as ended,
    array(select id from ended_memberships order by id) as ended_memberships
  from (select) one_row left join selected s on true"""
"""Links a contract to exactly the selected groups: ends and begins links, and increments the version.

Returns a row for each selected group that was found, each with what was changed; one without a group if none was found.
Changes nothing unless every group was found and is active.
"""


@dataclass(frozen=True)
class LinkedGroups:
    """A contract whose groups were set, and what ended with that.

    Attributes:
        contract: The contract.
        ended_link_ids: The keys of the links that ended.
        ended_membership_ids: The keys of the contract-specific memberships that ended with them.
        released_action_ids: The keys of the actions that were released, whose assignees lost access.
    """

    contract: Contract
    ended_link_ids: Sequence[int]
    ended_membership_ids: Sequence[int]
    released_action_ids: Sequence[int]


async def set_contract_groups(
    *, actor: Actor, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> LinkedGroups:
    """Sets the groups that are linked to a contract; the others are unlinked.

    Args:
        actor: An ADMINISTRATOR of the organisation that carries out the contract.
        contract_id: The contract's key.
        version: The version of the contract that the selection was made from.
        group_ids: The keys of all groups to be linked; active ones of the same organisation.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor doesn't administer it.
        ContractEnded: It is read-only.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: One for each group that can't be linked, with its position in the list.
    """
    async with actor_transaction(actor) as act:
        return await link_groups(act, contract_id, version, group_ids)


async def link_groups(
    act: ActorTransaction, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> LinkedGroups:
    """The same inside a transaction."""
    contract = await act.find(
        Contract, contract_id, visibility.contract, "contractId", prefetch=Ability.ADMINISTER, lock_organisation=True
    )
    if contract.ended_at is not None and await act.holds(visibility.administrators_of, contract):
        raise ContractEnded("contractId")
    await act.require(Ability.ADMINISTER, contract)
    require_version(contract, version)
    ended_links, ended_memberships = await _set_links(act, contract, group_ids)
    # Only unlinking can take access away.
    released = await release_lost_actions(act, [contract.id]) if ended_links else []
    return LinkedGroups(contract, ended_links, ended_memberships, released)


async def _set_links(
    act: ActorTransaction, contract: Contract, group_ids: Sequence[int | None]
) -> tuple[list[int], list[int]]:
    """Links exactly the groups with these keys; returns the keys of the links and of the memberships that ended."""
    keys = [key for key in group_ids if key is not None]
    values = keys, contract.id, contract.organisation_id, len(group_ids)
    rows = await act.change(_SET_LINKS, AuditAction.CONTRACT_GROUPS_SET, *values, standing=await act.standing())
    _require_linkable(group_ids, {row["id"]: row for row in rows})
    contract.version += rows[0]["changed"]
    return rows[0]["ended"], rows[0]["ended_memberships"]


def _require_linkable(group_ids: Sequence[int | None], groups: Mapping[int, Mapping[str, Any]]) -> None:
    """Requires that each selected group was found, is active, and is selected once.

    Args:
        group_ids: The selected keys.
        groups: The rows that were found, by key.
    """
    findings = Findings()
    for position, key in enumerate(group_ids):
        group = groups.get(key or 0)
        if group is None:
            findings.add(NotFound("groupIds", position))
        elif not group["active"]:
            findings.add(GroupInactive("groupIds", position, name=group["name"]))
        elif key in group_ids[:position]:
            findings.add(GivenTwice("groupIds", position, what=group["name"]))
    findings.raise_if_any()


async def unlink(act: ActorTransaction, link_ids: list[int]) -> list[int]:
    """Ends links and their contract-specific memberships (manual 3.5); returns the keys of these memberships."""
    rows = await act.database.execute_query_dict(_UNLINK, [act.actor.user_id, link_ids])
    return [row["id"] for row in rows]
