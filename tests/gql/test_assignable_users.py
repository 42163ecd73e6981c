"""Who is listed as somebody who can take an action, and whom the rule then accepts."""

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

LISTED = "query ($id: ID!) { node(id: $id) { ... on Action { assignableUsers { id } } } }"


def drafters(world: World, action: m.Action) -> set[int]:
    """Who may draw up documents on its theme; on any, where it is about no document."""
    contract, about = world.one(m.Contract, action.contract_id), action.document_id
    themes = [world.one(m.Document, about).theme_id] if about else [theme.id for theme in world.all(m.Theme)]
    return {
        user.id
        for user in world.all(m.User)
        if (access := access_of(world, user.id, contract))
        and max(level_as_user(world, access, theme) for theme in themes) >= DocumentLevel.DRAFT
    }


async def listed(actor: Actor, action: m.Action) -> set[int | None]:
    node = (await read(actor, LISTED, id=global_id("Action", action.id)))["node"]
    return {key_of("User", each["id"]) for each in node["assignableUsers"]}


async def answer(actor: Actor, action: m.Action, user_id: int) -> str:
    """ACCEPTED, or why they can't have it; afterwards the action is as it was."""
    await action.refresh_from_db()
    try:
        await assign_action(actor=actor, action_id=action.id, version=action.version, user_id=user_id)
    except Refusal as why:
        return why.name()
    await m.Action.filter(id=action.id).update(status=ActionStatus.OPEN, assignee_id=None, assigned_at=None)
    await m.Assignment.filter(action_id=action.id, released_at=None).update(released_at=await rows.now())
    return "ACCEPTED"


async def test_everybody_listed_is_accepted_and_nobody_else(a_random_world: RandomWorld):
    world, answers = a_random_world.world, Counter[str]()
    everyone = {user.id for user in world.all(m.User)}
    for action in [action for action in world.all(m.Action) if drafters(world, action)][::4]:
        able = drafters(world, action)
        actor = Actor(user_id=min(able))
        running = world.one(m.Contract, action.contract_id).ended_at is None

        takers = await listed(actor, action)

        assert takers == (able if running and action.status is ActionStatus.OPEN else set())
        for user_id in (*sorted(able)[:3], *sorted(everyone - able)[::20]):
            told = await answer(actor, action, user_id)
            assert (told == "ACCEPTED") == (user_id in takers)
            answers[told] += 1
    assert set(answers) == {"ACCEPTED", "ACTION_NOT_OPEN", "ASSIGNEE_WITHOUT_ACCESS", "CONTRACT_ENDED", "NOT_FOUND"}
