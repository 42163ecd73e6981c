"""The rows that a viewer sees and their abilities on them, compared with the naive reading of the domain."""

from tortoise.models import Model

from domain.models import Contract
from domain.policies.abilities import POLICIES, Ability, abilities
from domain.standing import Standing
from domain.where import Where
from tests.domain.naive.abilities import ABILITY_CHECKS
from tests.domain.naive.abilities import abilities as naive_abilities
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.visibility import SEES, seen
from tests.domain.visible_rows import CONDITIONS, fetch_visible


def test_every_condition_has_a_naive_reading():
    assert SEES.keys() == CONDITIONS.keys()
    assert {model: checks.keys() for model, checks in ABILITY_CHECKS.items()} == {
        model: policies.keys() for model, policies in POLICIES.items()
    }


async def test_every_viewer_sees_the_rows_of_the_naive_reading(a_random_world: RandomWorld):
    visible_counts: dict[type[Model], int] = dict.fromkeys(CONDITIONS, 0)
    queries = {model: (condition, "1") for model, condition in CONDITIONS.items()}
    for actor, viewer in a_random_world.viewers():
        visible = await fetch_visible(actor, queries)
        for model in CONDITIONS:
            assert visible[model].keys() == seen(viewer, model), (actor, model)
            visible_counts[model] += len(visible[model])
    row_counts = {model: len(a_random_world.world.all(model)) for model in CONDITIONS}
    viewers = len(a_random_world.actors)
    assert [model for model in CONDITIONS if not 0 < visible_counts[model] < row_counts[model] * viewers] == []


async def test_every_viewer_has_the_abilities_of_the_naive_reading(a_random_world: RandomWorld):
    occurring: set[tuple[type[Model], str]] = set()
    queries = {model: (CONDITIONS[model], abilities(model).sql_for("t")) for model in POLICIES}
    for actor, viewer in a_random_world.viewers():
        abilities_of = await fetch_visible(actor, queries)
        for model in POLICIES:
            for row in a_random_world.world.all(model):
                if row.pk in abilities_of[model]:
                    assert set(abilities_of[model][row.pk]) == naive_abilities(viewer, row), (actor, model, row.pk)
                    occurring |= {(model, ability) for ability in abilities_of[model][row.pk]}
    assert occurring == {(model, ability) for model, policies in POLICIES.items() for ability in policies}


async def test_a_condition_filters_a_query_of_the_models(a_random_world: RandomWorld):
    for actor, viewer in a_random_world.viewers()[::10]:
        visible = Where(CONDITIONS[Contract], await Standing.of(actor))
        assert {contract.id for contract in await Contract.filter(visible)} == seen(viewer, Contract)


def test_abilities_are_named_in_the_order_of_the_matrix():
    assert [ability.value for ability in POLICIES[Contract]] == ["ADMINISTER", "UPDATE", "DRAFT", "SEND"]
    assert all(isinstance(ability, Ability) for policies in POLICIES.values() for ability in policies)
