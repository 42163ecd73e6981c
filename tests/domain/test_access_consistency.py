"""Three computations of access agree: the explanation, the visibility of contracts, and the naive reading."""

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
from domain.visibility import contract as visible_contract
from domain.where import Where
from tests.domain.naive.access import access_of, level_on, reference_level
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.random_world import Sizes, random_world
from tests.domain.naive.world import World
from tests.prepared_databases import PreparedDatabases

EXPLANATION = """
  select a.user_id, a.contract_id, {reference} as reference,
    array(select array[l.theme_id, l.level] from ({now}) l) as now,
    array(select array[l.theme_id, l.level] from ({without_day}) l) as without_day
  from (select access.*, null::date as as_of from ({accesses}) access) a"""


def _explanation_query(contracts: Collection[m.Contract]) -> str:
    keys = ", ".join(str(contract.id) for contract in contracts)
    return EXPLANATION.format(
        reference=ACCESS_REFERENCE_LEVEL.replace("{row}", "a"),
        now=ACCESS_THEME_LEVELS.replace("{row}", "a"),
        without_day=ACCESS_THEME_LEVELS_ON_DAY.replace("{row}", "a"),
        accesses=accesses("null::date", f"c.id in ({keys})", "true"),
    )


def _expected(world: World, contracts: Collection[m.Contract]) -> dict[tuple[int, int], tuple[object, dict[int, int]]]:
    """By user and contract: the level on the own reference, and the level on every theme above NONE."""
    expected: dict[tuple[int, int], tuple[object, dict[int, int]]] = {}
    for contract in contracts:
        for user in world.all(m.User):
            access = access_of(world, user.id, contract)
            if access:
                levels = {theme.id: int(level_on(world, access, theme.id)) for theme in world.all(m.Theme)}
                above_none = {theme_id: level for theme_id, level in levels.items() if level}
                expected[user.id, contract.id] = reference_level(world, access), above_none
    return expected


async def test_the_explanation_agrees_with_the_naive_reading(a_random_world: RandomWorld):
    contracts = a_random_world.world.all(m.Contract)
    assert await check_explanation(a_random_world.world, contracts) > len(contracts)


async def check_explanation(world: World, contracts: Collection[m.Contract]) -> int:
    """Compares every user's access to these contracts; returns the number of users with access, over all contracts."""
    rows = await database().execute_query_dict(_explanation_query(contracts))
    explained = {
        (row["user_id"], row["contract_id"]): (row["reference"], {theme: level for theme, level in row["now"] if level})
        for row in rows
    }
    assert explained == _expected(world, contracts)
    assert all(row["now"] == row["without_day"] for row in rows)
    return len(explained)


async def test_the_explanation_agrees_with_the_visibility_of_contracts(a_random_world: RandomWorld):
    await check_visibility(a_random_world.world)


async def check_visibility(world: World) -> None:
    """Compares, for every user, the contracts that they see with those that the explanation lists."""
    explained = {
        (row["user_id"], row["contract_id"])
        for row in await database().execute_query_dict(accesses("null::date", "true", "true"))
    }
    for user in world.all(m.User):
        standing = await Standing.of(Actor(user_id=user.id))
        visible = await m.Contract.filter(Where(visible_contract, standing)).values_list("id", flat=True)
        assert {contract_id for user_id, contract_id in explained if user_id == user.id} == set(visible)


EXPLAINED_CONTRACTS = 10
"""Of a large company, so many contracts are compared with the naive reading; visibility is compared for all."""
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
async def test_the_three_computations_agree_on_companies_of_any_size(
    prepared_databases: PreparedDatabases, seed: int, people: int, groups: int, contracts: int
):
    sizes = Sizes(people, groups, contracts, ONE_COMPANY)
    async with prepared_databases.open(
        f"sized_{seed}_{people}_{groups}_{contracts}", lambda: random_world(seed, sizes)
    ):
        world = await World.read()
        all_contracts = world.all(m.Contract)
        await check_explanation(world, all_contracts[:: len(all_contracts) // EXPLAINED_CONTRACTS + 1])
        await check_visibility(world)
