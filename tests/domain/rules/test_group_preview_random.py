"""A preview tells what the change then does: on random organisations, compared with the naive reading."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, TypeVar

from domain import models as m
from domain.actor import Actor
from domain.models import ActionStatus, DocumentLevel, ReferenceLevel
from domain.refusals import Refusal, Refusals
from domain.rules.contract_groups import set_contract_groups
from domain.rules.group_deletion import delete_group
from domain.rules.group_preview import GroupChangePreview, preview_deletion, preview_links, preview_update
from domain.rules.group_update import GroupUpdate, update_group
from tests.domain.naive.access import access_of, level_as_user, level_on, reference_level
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.viewer import Viewer
from tests.domain.naive.world import World
from tests.table_contents import read_tables

Levels = dict[tuple[int, int, int | None], DocumentLevel]
Pair = tuple[Callable[..., Awaitable[GroupChangePreview]], Callable[..., Awaitable[Any]], dict[str, Any]]
TRIES = 24
Key = TypeVar("Key")
Value = TypeVar("Value")


def levels(world: World) -> Levels:
    """Everyone's level on every contract (without a theme: whether it is open to them) and theme, above NONE."""
    found: Levels = {}
    for contract in world.all(m.Contract):
        for user in world.all(m.User):
            access = access_of(world, user.id, contract)
            if access:
                found[user.id, contract.id, None] = DocumentLevel.READ
                for theme in world.all(m.Theme):
                    found[user.id, contract.id, theme.id] = level_on(world, access, theme.id)
    return {place: level for place, level in found.items() if level is not DocumentLevel.NONE}


def references(world: World) -> dict[tuple[int, int], ReferenceLevel | None]:
    """Everyone's level on the own reference of every contract that is open to them."""
    found: dict[tuple[int, int], ReferenceLevel | None] = {}
    for contract in world.all(m.Contract):
        for user in world.all(m.User):
            level = reference_level(world, access_of(world, user.id, contract))
            if level is not None:
                found[user.id, contract.id] = level
    return found


def changed(before: dict[Key, Value], after: dict[Key, Value], none: Value) -> dict[Key, tuple[Value, Value]]:
    """What differs, each as it was and as it will be."""
    pairs = {key: (before.get(key, none), after.get(key, none)) for key in before.keys() | after.keys()}
    return {key: (was, will) for key, (was, will) in pairs.items() if was != will}


def senders(world: World) -> set[int]:
    """The running contracts on which somebody can send something."""
    visible = [theme.id for theme in world.all(m.Theme) if theme.visible]
    return {
        contract.id
        for contract in world.all(m.Contract)
        if contract.ended_at is None
        and any(
            level_as_user(world, access_of(world, user.id, contract), theme) is DocumentLevel.SEND
            for user in world.all(m.User)
            for theme in visible
        )
    }


def taken(world: World) -> set[int]:
    return {action.id for action in world.all(m.Action) if action.status is ActionStatus.ASSIGNED}


def a_change(random: Random, world: World, organisation: m.Organisation) -> Pair:
    """An update, a deletion or another selection of groups, which may well be refused."""
    groups = [group for group in world.all(m.Group) if group.organisation_id == organisation.id and group.active]
    contracts = [one for one in world.all(m.Contract) if one.organisation_id == organisation.id]
    people = [one.user_id for one in world.all(m.WorkRelation) if one.organisation_id == organisation.id]
    kind = random.choice(["update", "delete", "link"] if groups else ["link"])
    if kind == "link":
        contract = random.choice(contracts)
        chosen = [group.id for group in random.sample(groups, random.randint(0, min(3, len(groups))))]
        given: dict[str, Any] = {"contract_id": contract.id, "version": contract.version, "group_ids": chosen}
        return preview_links, set_contract_groups, given
    group = random.choice(groups)
    given = {"group_id": group.id, "version": group.version}
    if kind == "delete":
        return preview_deletion, delete_group, given
    members = [row.user_id for row in world.having(m.Membership, "group_id", group.id) if row.ended_at is None]
    joined = random.sample(people, min(2, len(people))) if random.random() < 0.5 else []
    update = GroupUpdate(
        theme_levels=[("INVOICING", random.choice(list(DocumentLevel)))],
        reference_levels=[("CONTRACT", random.choice(list(ReferenceLevel)))],
        member_user_ids=list({*random.sample(members, len(members) // 2), *joined}),
    )
    return preview_update, update_group, given | {"update": update}


def administrator(world: World, organisation: m.Organisation) -> Actor | None:
    """Somebody who administers the organisation."""
    actors = [Actor(user_id=user.id) for user in world.all(m.User)]
    return next((actor for actor in actors if Viewer(world, actor).administers(organisation.id)), None)


async def outcome(asked: Awaitable[Any]) -> Any:
    """What comes of it: a value, or the names of why it was refused."""
    try:
        return await asked
    except Refusal as refusal:
        return [type(refusal).__name__]
    except Refusals as several:
        return [type(each).__name__ for each in several.refusals]


async def test_what_a_preview_tells_is_what_the_change_does(a_random_world: RandomWorld):
    random, world = Random(7), a_random_world.world  # noqa: S311  # the same changes each time
    done = rewritten = 0
    carrying_out = [
        one for one in world.all(m.Organisation) if any(world.having(m.Contract, "organisation_id", one.id))
    ]
    for _ in range(TRIES):
        organisation = random.choice(carrying_out)
        actor = administrator(world, organisation)
        if actor is None:
            continue
        preview, change, given = a_change(random, world, organisation)

        before = await read_tables()
        told = await outcome(preview(actor=actor, **given))
        assert await read_tables() == before
        made = await outcome(change(actor=actor, **given))
        after = await World.read()

        if isinstance(told, list):
            assert made == told
            continue
        assert {
            (one.user_id, one.contract_id, one.theme_id): (one.before, one.after) for one in told.access_changes
        } == changed(levels(world), levels(after), DocumentLevel.NONE)
        told_references = {(one.user_id, one.contract_id): (one.before, one.after) for one in told.reference_changes}
        assert told_references == changed(references(world), references(after), None)
        assert set(told.contracts_left_without_sender) == senders(world) - senders(after)
        assert set(told.actions_released) == taken(world) - taken(after)
        rewritten += any(one.before and one.after for one in told.reference_changes)
        world, done = after, done + bool(told.access_changes)
    assert done >= TRIES // 4
    assert rewritten
