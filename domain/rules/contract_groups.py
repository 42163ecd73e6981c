"""Which groups are tied to a contract (manual 3.4)."""

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

# The memberships before the links: each waits for the one before it to be written whole.
_LEFT: Final = """left_behind as (
    update membership set ended_at = clock_timestamp(), ended_by_id = $1::bigint
    where group_link_id in (select id from leaving) and ended_at is null
    returning id
  ), ended as (
    update group_link set ended_at = clock_timestamp(), ended_by_id = $1::bigint
    where id in (select id from leaving) and (select count(*) from left_behind) >= 0
    returning id
  )"""

_UNTIE: Final = f"""with leaving as (select unnest($2::bigint[]) as id), {_LEFT}
  select id from left_behind where (select count(*) from ended) >= 0 order by id"""

# The groups are locked before anything is done, so that none is deleted meanwhile; and nothing is, unless all will do.
_TIE: Final = f"""with chosen as materialized (
    select t.id, t.name, t.active from access_group t
    where t.id = any($5::bigint[]) and t.organisation_id = $7::bigint and {visibility.group.sql_for("t")}
    order by t.id for update of t
  ), fit as materialized (
    select from chosen having count(*) filter (where active) = $8::bigint
  ), stood as (
    select id, group_id from group_link where contract_id = $6::bigint and ended_at is null and exists (select from fit)
  ), leaving as (
    select id from stood where group_id <> all($5::bigint[])
  ), {_LEFT}, begun as (
    insert into group_link (organisation_id, contract_id, group_id, linked_by_id, version)
    select $7::bigint, $6::bigint, c.id, $1::bigint, 1 from chosen c
    where c.id not in (select group_id from stood) and exists (select from fit) order by c.id
    returning id
  ), done as (
    select $7::bigint as organisation_id, 'Contract' as subject_type, $6::bigint as subject_id, 1 as place,
      jsonb_build_object('groups', array(select group_id from stood order by group_id)) as before,
      jsonb_build_object('groups', array(select id from chosen order by id)) as after
    where exists (select from ended) or exists (select from begun)
  ), moved as (
    update contract set version = version + 1 where id = $6::bigint and exists (select from done)
  ), recorded as ({INSERT_AUDIT_ENTRIES})
  select c.*, exists (select from done) as changed,
    array(select id from ended order by id) as ended,
    array(select id from left_behind order by id) as left_behind
  from (select) once left join chosen c on true"""
"""Makes the links of a contract those of a selection: closes and begins what it takes, and moves the version.

Tells what was done beside each group of the selection, and does nothing where they are not as many as are wanted.
"""


@dataclass(frozen=True)
class Tied:
    """What became of a contract whose groups were selected.

    Attributes:
        contract: The contract.
        ended: The keys of the links that ended.
        ended_memberships: The keys of the contract-specific memberships that ended with them.
        released: The keys of the actions that were released, whose assignees lost access.
    """

    contract: Contract
    ended: Sequence[int]
    ended_memberships: Sequence[int]
    released: Sequence[int]


async def set_contract_groups(
    *, actor: Actor, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> Tied:
    """Makes a selection of groups the ones that are tied to a contract: the rest is untied.

    Args:
        actor: An ADMINISTRATOR of the organisation that carries out the contract.
        contract_id: The contract's key.
        version: The version of the contract that the selection was made from.
        group_ids: The keys of all groups to be tied; active ones of the same organisation.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor doesn't administer it.
        ContractEnded: It is read-only.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: Groups that can't be selected, each with its place in the list.
    """
    async with actor_transaction(actor) as act:
        return await tie_groups(act, contract_id, version, group_ids)


async def tie_groups(
    act: ActorTransaction, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> Tied:
    """The same inside a transaction."""
    contract = await act.find(
        Contract, contract_id, visibility.contract, "contractId", prefetch=Ability.ADMINISTER, lock_organisation=True
    )
    if contract.ended_at is not None and await act.holds(visibility.administrators_of, contract):
        raise ContractEnded("contractId")
    await act.require(Ability.ADMINISTER, contract)
    require_version(contract, version)
    ended, memberships = await _tie(act, contract, group_ids)
    # Nobody loses access by a group that is tied.
    released = await release_lost_actions(act, [contract.id]) if ended else []
    return Tied(contract, ended, memberships, released)


async def _tie(
    act: ActorTransaction, contract: Contract, group_ids: Sequence[int | None]
) -> tuple[list[int], list[int]]:
    """Makes the groups with these keys the tied ones; gives the keys of the links and memberships that ended."""
    known = [key for key in group_ids if key is not None]
    asked = known, contract.id, contract.organisation_id, len(group_ids)
    rows = await act.change(_TIE, AuditAction.CONTRACT_GROUPS_SET, *asked, standing=await act.standing())
    _require_selectable(group_ids, {row["id"]: row for row in rows})
    contract.version += rows[0]["changed"]
    return rows[0]["ended"], rows[0]["left_behind"]


def _require_selectable(group_ids: Sequence[int | None], found: Mapping[int, Mapping[str, Any]]) -> None:
    """Goes on only if each group of the selection was found, is active, and is selected once."""
    findings = Findings()
    for place, key in enumerate(group_ids):
        group = found.get(key or 0)
        if group is None:
            findings.add(NotFound("groupIds", place))
        elif not group["active"]:
            findings.add(GroupInactive("groupIds", place, name=group["name"]))
        elif key in group_ids[:place]:
            findings.add(GivenTwice("groupIds", place, what=group["name"]))
    findings.raise_if_any()


async def untie(act: ActorTransaction, links: list[int]) -> list[int]:
    """Closes the links with these keys and their contract-specific memberships (manual 3.5), whose keys it gives."""
    rows = await act.database.execute_query_dict(_UNTIE, [act.actor.user_id, links])
    return [row["id"] for row in rows]
