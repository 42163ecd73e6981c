"""Which rows somebody sees and what they may do with them, against the naive reading of the domain."""

from tortoise.models import Model

from domain.models import Contract
from domain.policies.abilities import POLICIES, Ability, abilities
from domain.standing import Standing
from domain.where import Where
from tests.domain.naive.abilities import MAY
from tests.domain.naive.abilities import abilities as naive_abilities
from tests.domain.naive.answers import answered
from tests.domain.naive.conditions import CONDITIONS
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.visibility import SEES, seen


def test_every_condition_has_a_naive_reading():
    assert SEES.keys() == CONDITIONS.keys()
    assert {model: may.keys() for model, may in MAY.items()} == {model: may.keys() for model, may in POLICIES.items()}


async def test_everyone_sees_the_rows_of_the_naive_reading(a_random_world: RandomWorld):
    shown: dict[type[Model], int] = dict.fromkeys(CONDITIONS, 0)
    asked = {model: (condition, "1") for model, condition in CONDITIONS.items()}
    for actor, viewer in a_random_world.viewers():
        found = await answered(actor, asked)
        for model in CONDITIONS:
            assert found[model].keys() == seen(viewer, model), (actor, model)
            shown[model] += len(found[model])
    rows = {model: len(a_random_world.world.all(model)) for model in CONDITIONS}
    assert [model for model in CONDITIONS if not 0 < shown[model] < rows[model] * len(a_random_world.actors)] == []


async def test_everyone_may_what_the_naive_reading_says(a_random_world: RandomWorld):
    held: set[tuple[type[Model], str]] = set()
    asked = {model: (CONDITIONS[model], abilities(model).sql_for("t")) for model in POLICIES}
    for actor, viewer in a_random_world.viewers():
        found = await answered(actor, asked)
        for model in POLICIES:
            for row in a_random_world.world.all(model):
                if row.pk in found[model]:
                    assert set(found[model][row.pk]) == naive_abilities(viewer, row), (actor, model, row.pk)
                    held |= {(model, ability) for ability in found[model][row.pk]}
    assert held == {(model, ability) for model, may in POLICIES.items() for ability in may}


async def test_a_condition_filters_a_query_too(a_random_world: RandomWorld):
    for actor, viewer in a_random_world.viewers()[::10]:
        visible = Where(CONDITIONS[Contract], await Standing.of(actor))
        assert {contract.id for contract in await Contract.filter(visible)} == seen(viewer, Contract)


def test_abilities_are_named_in_the_order_of_the_matrix():
    assert [ability.value for ability in POLICIES[Contract]] == ["ADMINISTER", "UPDATE", "DRAFT", "SEND"]
    assert all(isinstance(ability, Ability) for may in POLICIES.values() for ability in may)
