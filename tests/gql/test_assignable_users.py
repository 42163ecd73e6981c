"""`assignableUsers` lists exactly the users to whom the rule lets an action be assigned."""

from collections import Counter

from domain import models as m
from domain.actor import Actor
from domain.models import ActionStatus, DocumentLevel
from domain.refusals import Refusal
from domain.rules.assignment import assign_action
from gql.reading.ids import global_id, key_of
from tests import rows
from tests.domain.naive.access import access_of, level_as_user
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.world import World
from tests.gql.execution import read

ASSIGNABLE_USERS = "query ($id: ID!) { node(id: $id) { ... on Action { assignableUsers { id } } } }"


def drafters(world: World, action: m.Action) -> set[int]:
    """Who may draft documents on the theme of the action; without a document, on any theme."""
    contract, document_id = world.one(m.Contract, action.contract_id), action.document_id
    themes = (
        [world.one(m.Document, document_id).theme_id] if document_id else [theme.id for theme in world.all(m.Theme)]
    )
    return {
        user.id
        for user in world.all(m.User)
        if (access := access_of(world, user.id, contract))
        and max(level_as_user(world, access, theme) for theme in themes) >= DocumentLevel.DRAFT
    }


async def assignable_user_ids(actor: Actor, action: m.Action) -> set[int | None]:
    node = (await read(actor, ASSIGNABLE_USERS, id=global_id("Action", action.id)))["node"]
    return {key_of("User", user["id"]) for user in node["assignableUsers"]}


async def assignment_outcome(actor: Actor, action: m.Action, user_id: int) -> str:
    """ACCEPTED, or the name of the refusal; afterwards the action is as it was."""
    await action.refresh_from_db()
    try:
        await assign_action(actor=actor, action_id=action.id, version=action.version, user_id=user_id)
    except Refusal as refusal:
        return refusal.name()
    await m.Action.filter(id=action.id).update(status=ActionStatus.OPEN, assignee_id=None, assigned_at=None)
    await m.Assignment.filter(action_id=action.id, released_at=None).update(released_at=await rows.now())
    return "ACCEPTED"


async def test_an_action_is_assigned_to_exactly_the_assignable_users(a_random_world: RandomWorld):
    world, outcomes = a_random_world.world, Counter[str]()
    everyone = {user.id for user in world.all(m.User)}
    for action in [action for action in world.all(m.Action) if drafters(world, action)][::4]:
        expected = drafters(world, action)
        actor = Actor(user_id=min(expected))
        is_running = world.one(m.Contract, action.contract_id).ended_at is None

        assignable = await assignable_user_ids(actor, action)

        assert assignable == (expected if is_running and action.status is ActionStatus.OPEN else set())
        for user_id in (*sorted(expected)[:3], *sorted(everyone - expected)[::20]):
            outcome = await assignment_outcome(actor, action, user_id)
            assert (outcome == "ACCEPTED") == (user_id in assignable)
            outcomes[outcome] += 1
    assert set(outcomes) == {"ACCEPTED", "ACTION_NOT_OPEN", "ASSIGNEE_WITHOUT_ACCESS", "CONTRACT_ENDED", "NOT_FOUND"}
