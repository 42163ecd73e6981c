"""The fields that viewers may read of visible rows agree with the naive reading of the domain."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from tortoise.models import Model

from domain import models as m
from domain.models import DocumentLevel, ReferenceLevel
from domain.predicate import Predicate
from gql.reading.ids import global_id
from gql.reading.sources import SOURCES
from tests.domain.naive.access import (
    Access,
    access_for,
    group_level,
    group_reference_level,
    level_on,
    reference_level,
)
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.reads import READS
from tests.domain.naive.visibility import seen
from tests.domain.naive.world import World
from tests.domain.visible_rows import CONDITIONS, fetch_visible
from tests.gql.declared_fields import declared_fields
from tests.gql.execution import read

LEVELS = "themeLevels { theme { id } level } referenceLevel"
VIEWER_ACCESS = f"""query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Contract {{ viewerAccess {{
  {LEVELS} reasons {{ __typename ... on AdministratorAccess {{ right {{ id }} mandate {{ id }} }}
  ... on GroupAccess {{ group {{ id }} membership {{ id }} {LEVELS} }} }} }} }} }} }}"""


def guards() -> dict[type[Model], dict[str, Predicate]]:
    """For each table, the conditions of its guarded fields."""
    guards_by_model: dict[type[Model], dict[str, Predicate]] = defaultdict(dict)
    for source in SOURCES.values():
        for field in declared_fields(source):
            if field.guard is not None:
                assert source.model is not None, "only fields of tables can be checked here"
                guards_by_model[source.model][f"{source.name}.{field.python_name}"] = field.guard
    return guards_by_model


def test_every_visibility_rule_has_a_naive_reading():
    assert {source.model: source.visible for source in SOURCES.values() if source.model} == CONDITIONS


def test_every_guard_has_a_naive_reading():
    assert {name for fields in guards().values() for name in fields} == READS.keys()


async def test_every_viewer_reads_exactly_the_fields_of_the_naive_reading(a_random_world: RandomWorld):
    conditions = {model: (CONDITIONS[model], _object(fields)) for model, fields in guards().items()}
    for actor, viewer in a_random_world.viewers():
        for model, rows in (await fetch_visible(actor, conditions)).items():
            for key, fields in rows.items():
                row = a_random_world.world.one(model, key)
                expected = {name: READS[name](viewer, row) for name in fields}
                assert {name: bool(is_readable) for name, is_readable in fields.items()} == expected, (
                    actor,
                    model,
                    key,
                )


async def test_every_viewer_has_the_access_of_the_naive_reading(a_random_world: RandomWorld):
    world = a_random_world.world
    for actor, viewer in a_random_world.viewers():
        contracts = [world.one(m.Contract, key) for key in sorted(seen(viewer, m.Contract))]
        if viewer.person is None or not contracts:
            continue
        data = await read(actor, VIEWER_ACCESS, ids=[global_id("Contract", contract.id) for contract in contracts])
        accesses = [node["viewerAccess"] for node in data["nodes"]]
        assert accesses == [_access(world, access_for(viewer, contract)) for contract in contracts], actor


def _object(fields: dict[str, Predicate]) -> str:
    """SQL for an object that says of each guard whether it holds for the row `t`."""
    members = ", ".join(f"'{name}', {guard.sql_for('t')}" for name, guard in fields.items())
    return f"json_build_object({members})"


def _access(world: World, access: Access) -> object:
    """The access as the API returns it, with rights before mandates before groups."""
    groups = sorted(access.groups, key=lambda pair: (pair[0].id, pair[1].id))
    type_id = access.contract.type_id
    return {
        "themeLevels": _theme_levels(world, partial(level_on, world, access)),
        "referenceLevel": _name(reference_level(world, access)),
        "reasons": [
            *(_administrator(right=global_id("AccessRight", key)) for key in access.rights),
            *(_administrator(mandate=global_id("AccessMandate", key)) for key in access.mandates),
            *(
                {
                    "__typename": "GroupAccess",
                    "group": {"id": global_id("Group", group.id)},
                    "membership": {"id": global_id("Membership", membership.id)},
                    "themeLevels": _theme_levels(world, partial(group_level, world, group)),
                    "referenceLevel": _name(group_reference_level(world, group, type_id)),
                }
                for group, membership in groups
            ),
        ],
    }


def _theme_levels(world: World, level: Callable[[int], DocumentLevel]) -> list[object]:
    """Each visible theme, and each hidden one above NONE."""
    levels = [
        (theme, level(theme.id))
        for theme in world.all(m.Theme)
        if theme.visible or level(theme.id) > DocumentLevel.NONE
    ]
    return [
        {"theme": {"id": global_id("Theme", theme.id)}, "level": DocumentLevel(theme_level).name}
        for theme, theme_level in levels
    ]


def _name(level: ReferenceLevel | None) -> str | None:
    return None if level is None else ReferenceLevel(level).name


def _administrator(right: str | None = None, mandate: str | None = None) -> object:
    reason = {"right": right and {"id": right}, "mandate": mandate and {"id": mandate}}
    return {"__typename": "AdministratorAccess", **reason}
