"""Access to contracts computed in three ways on the large data set: explained, by visibility, and naively."""

from collections.abc import Sequence
from typing import Any

from bench.graph.seed import Size
from domain import models as m
from domain import visibility
from domain.access import ACCESS_REFERENCE_LEVEL, ACCESS_THEME_LEVELS, accesses
from domain.actor import Actor
from domain.database.connection import database
from domain.standing import Standing
from domain.where import Where
from tests.domain.naive.access import access_of, level_on, reference_level
from tests.domain.naive.world import World

SELECT_EXPLAINED = f"""
  select a.user_id, a.contract_id, {ACCESS_REFERENCE_LEVEL.replace("{row}", "a")} as reference,
    array(select array[l.theme_id, l.level] from ({ACCESS_THEME_LEVELS.replace("{row}", "a")}) l
          where l.level > 0) as levels
  from (select access.*, null::date as as_of
        from ({accesses("null::date", "c.organisation_id = $1", "true")}) access) a"""

Access = dict[tuple[int, int], tuple[object, dict[int, int]]]


async def check_access(size: Size, interval: int) -> None:
    """Compares the three for one organisation in `interval`, and prints how much was compared.

    Raises:
        ValueError: They disagree.
    """
    world = await World.read()
    sampled = range(1, size.organisations + 1, interval)
    compared = sum([await _check(world, organisation) for organisation in sampled])
    print(f"Access agrees three ways: {compared} pairs of person and contract in {len(sampled)} organisations.")


async def _check(world: World, organisation_id: int) -> int:
    naive = _naive_access(world, organisation_id)
    rows = await database().execute_query_dict(SELECT_EXPLAINED, [organisation_id])
    explained = {(row["user_id"], row["contract_id"]): (row["reference"], dict(row["levels"])) for row in rows}
    if explained != naive:
        raise ValueError(f"Explained and naive access differ: {_difference(explained, naive)}")
    for user_id in _people(world, organisation_id):
        standing = await Standing.of(Actor(user_id=user_id))
        contracts = m.Contract.filter(Where(visibility.contract, standing), organisation_id=organisation_id)
        visible: set[Any] = set(await contracts.values_list("id", flat=True))
        expected = {contract_id for person_id, contract_id in naive if person_id == user_id}
        if visible != expected:
            raise ValueError(f"Visible and naive access of user {user_id} differ: {sorted(visible ^ expected)}")
    return len(naive)


def _people(world: World, organisation_id: int) -> Sequence[int]:
    work_relations = world.having(m.WorkRelation, "organisation_id", organisation_id)
    mandates = world.having(m.AccessMandate, "organisation_id", organisation_id)
    return sorted({row.user_id for rows in (work_relations, mandates) for row in rows})


def _naive_access(world: World, organisation_id: int) -> Access:
    naive: Access = {}
    themes = [theme.id for theme in world.all(m.Theme)]
    for contract in world.having(m.Contract, "organisation_id", organisation_id):
        for user_id in _people(world, organisation_id):
            access = access_of(world, user_id, contract)
            if access:
                levels = {theme: int(level_on(world, access, theme)) for theme in themes}
                granted = {theme: level for theme, level in levels.items() if level}
                naive[user_id, contract.id] = reference_level(world, access), granted
    return naive


def _difference(one: Access, other: Access) -> list[tuple[int, int]]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))[:10]
