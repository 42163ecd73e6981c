"""The facts about an actor, compared with the naive reading of the domain."""

from domain.actor import Actor
from domain.models import Membership, Organisation, WorkRelation
from domain.standing import Standing
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.viewer import Viewer, active_roles


def expected_facts(viewer: Viewer, actor: Actor) -> dict[str, object]:
    keys = [organisation.id for organisation in viewer.world.all(Organisation)]
    relations = [relation for key in keys if viewer.is_user_of(key) for relation in viewer.own_relations(key)]
    return {
        "person": actor.user_id,
        "authority": actor.authority_id,
        "session": actor.session_id,
        "acts_for": {key for key in keys if viewer.acts_for(key)},
        "administers": {key for key in keys if viewer.administers(key)},
        "user_of": {key for key in keys if viewer.is_user_of(key)},
        "manages": {key for key in keys if viewer.manages(key)},
        "represents": {key for key in keys if viewer.represents(key)},
        "main_manager_of": {key for key in keys if viewer.is_main_manager_of(key)},
        "user_work_relations": {
            relation.id for relation in relations if "USER" in active_roles(viewer.world, relation)
        },
    }


async def test_the_facts_are_those_of_the_naive_reading(a_random_world: RandomWorld):
    for actor, viewer in a_random_world.viewers():
        expected = expected_facts(viewer, actor)
        standing = await Standing.of(actor)
        facts = {name: getattr(standing, name) for name in expected}
        assert {name: set(fact) if isinstance(fact, list) else fact for name, fact in facts.items()} == expected, actor


async def test_every_special_case_occurs_in_the_random_organisations(a_random_world: RandomWorld):
    world = a_random_world.world
    pairs = [
        (viewer, organisation.id) for _, viewer in a_random_world.viewers() for organisation in world.all(Organisation)
    ]
    lapsed_memberships = [
        membership
        for membership in world.all(Membership)
        if membership.ended_at is None and not active_roles(world, world.one(WorkRelation, membership.work_relation_id))
    ]

    assert any(len(viewer.roles(key)) == 2 for viewer, key in pairs)
    assert any(viewer.represents(key) and not viewer.own_relations(key) for viewer, key in pairs)
    assert any(len(viewer.own_relations(key)) > 1 and viewer.is_user_of(key) for viewer, key in pairs)
    assert lapsed_memberships
