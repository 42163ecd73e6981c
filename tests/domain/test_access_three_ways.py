"""Access computed three ways agrees: the explanation, the visibility of contracts, and the naive reading."""

from domain import models as m
from domain.access import ACCESS_REFERENCE_LEVEL, ACCESS_THEME_LEVELS, ACCESS_THEME_LEVELS_ON_DAY, accesses
from domain.actor import Actor
from domain.database import database
from domain.predicate import Where
from domain.standing import Standing
from domain.visibility import contract as visible
from tests.domain.naive.access import access_of, level_on, reference_level
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.world import World

EXPLAINED = f"""
  select a.user_id, a.contract_id, {ACCESS_REFERENCE_LEVEL.replace("{row}", "a")} as reference,
    array(select array[l.theme_id, l.level] from ({ACCESS_THEME_LEVELS.replace("{row}", "a")}) l) as now,
    array(select array[l.theme_id, l.level] from ({ACCESS_THEME_LEVELS_ON_DAY.replace("{row}", "a")}) l) as on_no_day
  from (select found.*, null::date as as_of from ({accesses("null::date", "true", "true")}) found) a"""


def _expected(world: World) -> dict[tuple[int, int], tuple[object, dict[int, int]]]:
    """Everyone with access to each contract, their level on the own reference and on every theme above NONE."""
    found = {}
    for contract in world.all(m.Contract):
        for user in world.all(m.User):
            access = access_of(world, user.id, contract)
            if access:
                levels = {theme.id: int(level_on(world, access, theme.id)) for theme in world.all(m.Theme)}
                found[user.id, contract.id] = reference_level(world, access), {k: v for k, v in levels.items() if v}
    return found


async def test_the_explanation_agrees_with_the_naive_reading(a_random_world: RandomWorld):
    rows = await database().execute_query_dict(EXPLAINED)

    explained = {
        (row["user_id"], row["contract_id"]): (row["reference"], {theme: level for theme, level in row["now"] if level})
        for row in rows
    }
    assert explained == _expected(a_random_world.world)
    assert len(explained) > len(a_random_world.world.all(m.Contract))
    assert all(row["now"] == row["on_no_day"] for row in rows)


async def test_the_explanation_agrees_with_who_sees_a_contract(a_random_world: RandomWorld):
    pairs = {
        (row["user_id"], row["contract_id"])
        for row in await database().execute_query_dict(accesses("null::date", "true", "true"))
    }
    for user in a_random_world.world.all(m.User):
        standing = await Standing.of(Actor(user_id=user.id), database())
        seen = await m.Contract.filter(Where(visible, standing)).values_list("id", flat=True)
        assert {contract for person, contract in pairs if person == user.id} == set(seen)
