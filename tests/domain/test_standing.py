"""What the rules ask about the one who is asking, against its naive reading."""

from domain.actor import Actor
from domain.models import Membership, Organisation, WorkRelation
from domain.standing import Standing
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.viewer import Viewer, active_roles


def naive(viewer: Viewer, actor: Actor) -> dict[str, object]:
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
        "user_work_relations": {each.id for each in relations if "USER" in active_roles(viewer.world, each)},
    }


async def test_the_standing_is_that_of_the_naive_reading(a_random_world: RandomWorld):
    for actor, viewer in a_random_world.viewers():
        standing = await Standing.of(actor)
        told = {name: getattr(standing, name) for name in naive(viewer, actor)}
        assert {name: set(value) if isinstance(value, list) else value for name, value in told.items()} == naive(
            viewer, actor
        ), actor


async def test_the_random_organisations_have_every_odd_case(a_random_world: RandomWorld):
    world = a_random_world.world
    viewers = [viewer for _, viewer in a_random_world.viewers()]
    keys = [organisation.id for organisation in world.all(Organisation)]
    both = [v for v in viewers for key in keys if len(v.roles(key)) == 2]
    without_relation = [v for v in viewers for key in keys if v.represents(key) and not v.own_relations(key)]
    two_relations = [v for v in viewers for key in keys if len(v.own_relations(key)) > 1 and v.is_user_of(key)]
    lapsed = [
        each
        for each in world.all(Membership)
        if each.ended_at is None and not active_roles(world, world.one(WorkRelation, each.work_relation_id))
    ]
    assert min(len(found) for found in (both, without_relation, two_relations, lapsed)) > 0
