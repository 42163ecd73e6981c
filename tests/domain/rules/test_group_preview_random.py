"""Previews of changes of random groups, compared with what the changes then do by the naive reading."""

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
Change = tuple[Callable[..., Awaitable[GroupChangePreview]], Callable[..., Awaitable[Any]], dict[str, Any]]
ATTEMPTS = 24
Key = TypeVar("Key")
Value = TypeVar("Value")


def theme_levels(world: World) -> Levels:
    """Each level above NONE, by user, contract and theme; without a theme, whether the user has access at all."""
    found: Levels = {}
    for contract in world.all(m.Contract):
        for user in world.all(m.User):
            access = access_of(world, user.id, contract)
            if access:
                found[user.id, contract.id, None] = DocumentLevel.READ
                for theme in world.all(m.Theme):
                    found[user.id, contract.id, theme.id] = level_on(world, access, theme.id)
    return {place: level for place, level in found.items() if level is not DocumentLevel.NONE}


def reference_levels(world: World) -> dict[tuple[int, int], ReferenceLevel | None]:
    """The level on the own reference, by user and contract."""
    found: dict[tuple[int, int], ReferenceLevel | None] = {}
    for contract in world.all(m.Contract):
        for user in world.all(m.User):
            level = reference_level(world, access_of(world, user.id, contract))
            if level is not None:
                found[user.id, contract.id] = level
    return found


def difference(before: dict[Key, Value], after: dict[Key, Value], none: Value) -> dict[Key, tuple[Value, Value]]:
    """The values that differ, each before and after."""
    pairs = {key: (before.get(key, none), after.get(key, none)) for key in before.keys() | after.keys()}
    return {key: (old, new) for key, (old, new) in pairs.items() if old != new}


def senders(world: World) -> set[int]:
    """The running contracts on which some user can send a document."""
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


def assigned_actions(world: World) -> set[int]:
    return {action.id for action in world.all(m.Action) if action.status is ActionStatus.ASSIGNED}


def a_change(random: Random, world: World, organisation: m.Organisation) -> Change:
    """A random update, deletion or selection of groups, which may be refused."""
    groups = [group for group in world.all(m.Group) if group.organisation_id == organisation.id and group.active]
    contracts = [one for one in world.all(m.Contract) if one.organisation_id == organisation.id]
    people = [one.user_id for one in world.all(m.WorkRelation) if one.organisation_id == organisation.id]
    kind = random.choice(["update", "delete", "link"] if groups else ["link"])
    if kind == "link":
        contract = random.choice(contracts)
        group_ids = [group.id for group in random.sample(groups, random.randint(0, min(3, len(groups))))]
        arguments: dict[str, Any] = {"contract_id": contract.id, "version": contract.version, "group_ids": group_ids}
        return preview_links, set_contract_groups, arguments
    group = random.choice(groups)
    arguments = {"group_id": group.id, "version": group.version}
    if kind == "delete":
        return preview_deletion, delete_group, arguments
    members = [row.user_id for row in world.having(m.Membership, "group_id", group.id) if row.ended_at is None]
    joining = random.sample(people, min(2, len(people))) if random.random() < 0.5 else []
    update = GroupUpdate(
        theme_levels=[("INVOICING", random.choice(list(DocumentLevel)))],
        reference_levels=[("CONTRACT", random.choice(list(ReferenceLevel)))],
        member_user_ids=list({*random.sample(members, len(members) // 2), *joining}),
    )
    return preview_update, update_group, arguments | {"update": update}


def administrator(world: World, organisation: m.Organisation) -> Actor | None:
    """A user who administers the organisation, if there is one."""
    actors = [Actor(user_id=user.id) for user in world.all(m.User)]
    return next((actor for actor in actors if Viewer(world, actor).administers(organisation.id)), None)


async def outcome(operation: Awaitable[Any]) -> Any:
    """The result of the operation, or the names of its refusals."""
    try:
        return await operation
    except Refusal as refusal:
        return [type(refusal).__name__]
    except Refusals as refusals:
        return [type(refusal).__name__ for refusal in refusals.refusals]


async def test_a_preview_lists_what_the_change_does(a_random_world: RandomWorld):
    random, world = Random(7), a_random_world.world  # noqa: S311  # the same changes each time
    changes = reference_changes = 0
    carrying_out = [
        one for one in world.all(m.Organisation) if any(world.having(m.Contract, "organisation_id", one.id))
    ]
    for _ in range(ATTEMPTS):
        organisation = random.choice(carrying_out)
        actor = administrator(world, organisation)
        if actor is None:
            continue
        preview, change, arguments = a_change(random, world, organisation)

        before = await read_tables()
        preview_outcome = await outcome(preview(actor=actor, **arguments))
        assert await read_tables() == before
        change_outcome = await outcome(change(actor=actor, **arguments))
        after = await World.read()

        if isinstance(preview_outcome, list):
            assert change_outcome == preview_outcome
            continue
        assert {
            (one.user_id, one.contract_id, one.theme_id): (one.before, one.after)
            for one in preview_outcome.access_changes
        } == difference(theme_levels(world), theme_levels(after), DocumentLevel.NONE)
        previewed_references = {
            (one.user_id, one.contract_id): (one.before, one.after) for one in preview_outcome.reference_changes
        }
        assert previewed_references == difference(reference_levels(world), reference_levels(after), None)
        assert set(preview_outcome.contracts_left_without_sender) == senders(world) - senders(after)
        assert set(preview_outcome.actions_released) == assigned_actions(world) - assigned_actions(after)
        reference_changes += any(one.before and one.after for one in preview_outcome.reference_changes)
        world, changes = after, changes + bool(preview_outcome.access_changes)
    assert changes >= ATTEMPTS // 4
    assert reference_changes
