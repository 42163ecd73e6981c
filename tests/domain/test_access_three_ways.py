"""Access computed three ways agrees: the explanation, the visibility of contracts, and the naive reading."""

from collections.abc import Collection

from hypothesis import Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from domain import models as m
from domain.access import ACCESS_REFERENCE_LEVEL, ACCESS_THEME_LEVELS, ACCESS_THEME_LEVELS_ON_DAY, accesses
from domain.actor import Actor
from domain.database.connection import database
from domain.models import OrganisationKind
from domain.standing import Standing
from domain.visibility import contract as visible
from domain.where import Where
from tests.domain.naive.access import access_of, level_on, reference_level
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.random_world import Sizes, random_world
from tests.domain.naive.world import World
from tests.prepared_databases import PreparedDatabases

EXPLAINED = """
  select a.user_id, a.contract_id, {reference} as reference,
    array(select array[l.theme_id, l.level] from ({now}) l) as now,
    array(select array[l.theme_id, l.level] from ({on_no_day}) l) as on_no_day
  from (select found.*, null::date as as_of from ({accesses}) found) a"""


def _explained(contracts: Collection[m.Contract]) -> str:
    keys = ", ".join(str(contract.id) for contract in contracts)
    return EXPLAINED.format(
        reference=ACCESS_REFERENCE_LEVEL.replace("{row}", "a"),
        now=ACCESS_THEME_LEVELS.replace("{row}", "a"),
        on_no_day=ACCESS_THEME_LEVELS_ON_DAY.replace("{row}", "a"),
        accesses=accesses("null::date", f"c.id in ({keys})", "true"),
    )


def _expected(world: World, contracts: Collection[m.Contract]) -> dict[tuple[int, int], tuple[object, dict[int, int]]]:
    """Everyone with access to each contract, their level on the own reference and on every theme above NONE."""
    found: dict[tuple[int, int], tuple[object, dict[int, int]]] = {}
    for contract in contracts:
        for user in world.all(m.User):
            access = access_of(world, user.id, contract)
            if access:
                levels = {theme.id: int(level_on(world, access, theme.id)) for theme in world.all(m.Theme)}
                found[user.id, contract.id] = reference_level(world, access), {k: v for k, v in levels.items() if v}
    return found


async def test_the_explanation_agrees_with_the_naive_reading(a_random_world: RandomWorld):
    assert await explained_as_expected(a_random_world.world, a_random_world.world.all(m.Contract)) > len(
        a_random_world.world.all(m.Contract)
    )


async def explained_as_expected(world: World, contracts: Collection[m.Contract]) -> int:
    """Compares everyone's access to some contracts; gives how many have access to how much."""
    rows = await database().execute_query_dict(_explained(contracts))
    explained = {
        (row["user_id"], row["contract_id"]): (row["reference"], {theme: level for theme, level in row["now"] if level})
        for row in rows
    }
    assert explained == _expected(world, contracts)
    assert all(row["now"] == row["on_no_day"] for row in rows)
    return len(explained)


async def test_the_explanation_agrees_with_who_sees_a_contract(a_random_world: RandomWorld):
    await seen_as_explained(a_random_world.world)


async def seen_as_explained(world: World) -> None:
    pairs = {
        (row["user_id"], row["contract_id"])
        for row in await database().execute_query_dict(accesses("null::date", "true", "true"))
    }
    for user in world.all(m.User):
        standing = await Standing.of(Actor(user_id=user.id))
        seen = await m.Contract.filter(Where(visible, standing)).values_list("id", flat=True)
        assert {contract for person, contract in pairs if person == user.id} == set(seen)


SOME = 10
"""So many of a large company's contracts are explained to the last level; who sees a contract is asked of all."""
ONE_COMPANY = (OrganisationKind.ENTERPRISE, OrganisationKind.CONTRACTING_AUTHORITY)


@given(
    seed=st.integers(0, 10_000), people=st.integers(20, 500), groups=st.integers(4, 50), contracts=st.integers(12, 500)
)
@example(seed=7, people=500, groups=50, contracts=500)
@hypothesis_settings(
    max_examples=2,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
async def test_the_three_agree_on_companies_of_any_size(
    prepared_databases: PreparedDatabases, seed: int, people: int, groups: int, contracts: int
):
    sizes = Sizes(people, groups, contracts, ONE_COMPANY)
    async with prepared_databases.open(
        f"sized_{seed}_{people}_{groups}_{contracts}", lambda: random_world(seed, sizes)
    ):
        world = await World.read()
        among = world.all(m.Contract)
        await explained_as_expected(world, among[:: len(among) // SOME + 1])
        await seen_as_explained(world)
