"""Everyone reads and does what `docs/authorisation.md` says, and nothing else; `make authorisation` writes it anew."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator

import pytest
from graphql import GraphQLObjectType, get_named_type

from domain.actor import Actor
from domain.database.privileges import DatabaseRole
from gql.reading.sources import SOURCES
from tests.authorisation import reading
from tests.authorisation.acting import Trial
from tests.authorisation.conftest import REFRESH
from tests.authorisation.house import Houses
from tests.authorisation.inputs import HARMLESS, INPUTS, PERSONAL, mutation
from tests.authorisation.people import WHO
from tests.authorisation.reading import Found, follow, read_roots
from tests.authorisation.selection import REFUSALS, fields_of, objects_with_ids
from tests.authorisation.table import NULL, OWN, READ, SENSELESS, Lines, Place, differences, part_of
from tests.database_roles import as_database_role
from tests.domain.naive.reads import READS
from tests.domain.naive.viewer import Viewer
from tests.domain.naive.visibility import SEES
from tests.domain.naive.world import World
from tests.gql.declared_fields import declared_fields, schema_field
from tests.gql.selections import TYPES

Observed = dict[Place, dict[str, str]]
Reading = Callable[[Houses, Actor], Awaitable[Iterator[tuple[Place, str]]]]

SHAPES = ("Connection", "Edge", "PageInfo")
"""The types that hold a list's rows: they are read with the field that has them, and count only rows that are seen."""


def compared(expected: Lines, found: Lines, observed: Observed) -> list[str]:
    """What differs from the table; nothing where it is being written anew."""
    observed |= {place: dict(signs) for place, signs in found.items()}
    return [] if REFRESH else differences(expected, found)


@pytest.mark.parametrize(("part", "read"), [("Query", read_roots), ("Subscription", follow)])
async def test_what_is_answered_by(part: str, read: Reading, houses: Houses, expected: Lines, observed: Observed):
    found: Observed = defaultdict(dict)
    for who in WHO:
        async with as_database_role(DatabaseRole.API):
            for place, sign in await read(houses, houses[OWN].actors[who]):
                found[place][who] = sign

    assert compared(part_of(expected, part), found, observed) == []


@pytest.mark.parametrize("type_name", objects_with_ids())
async def test_what_is_read_of(type_name: str, houses: Houses, expected: Lines, observed: Observed):
    found: Observed = defaultdict(dict)
    wrong: list[str] = []
    world = await World.read()
    for who in WHO:
        actor = houses[OWN].actors[who]
        async with as_database_role(DatabaseRole.API):
            answers = await reading.read_objects(type_name, houses, actor)
        wrong += (f"{who}: {each}" for each in contradictions(type_name, houses, answers, Viewer(world, actor)))
        for place, sign in reading.lines_about(type_name, answers):
            found[place][who] = sign

    assert wrong + compared(part_of(expected, type_name), found, observed) == []


def contradictions(type_name: str, houses: Houses, answers: Found, viewer: Viewer) -> list[str]:
    """Where an answer is not what the naive reading of the domain says: whatever the table says, that is wrong."""
    source, wrong = SOURCES[type_name], []
    assert source.model
    guarded = [field for field in declared_fields(source) if field.guard is not None]
    for whose, of_whose in answers.items():
        for said, answer in of_whose.items():
            row = viewer.world.one(source.model, houses[whose].things[type_name][said].pk)
            if (answer is not None) != SEES[source.model](viewer, row):
                wrong.append(f"{whose}{said}")
            for field in guarded if answer is not None else ():
                name, _ = schema_field(source, field)
                kept = getattr(row, field.python_name, True) is not None
                if (answer[name] is not None) != (kept and READS[f"{type_name}.{field.python_name}"](viewer, row)):
                    wrong.append(f"{whose}{said}: {name}")
    return wrong


@pytest.mark.parametrize("name", INPUTS)
async def test_what_is_done(name: str, houses: Houses, expected: Lines, observed: Observed):
    found: Observed = {}
    for whose in (OWN,) if name in PERSONAL else houses:
        place, trial = Place("Mutation", "what can be done", whose, name), Trial(name, houses[whose])
        found[place] = {who: await sign_of(trial, who, houses[OWN].actors[who]) for who in WHO}

    tabled = {place: signs for place, signs in part_of(expected, "Mutation").items() if place.name == name}
    assert compared(tabled, found, observed) == []


async def sign_of(trial: Trial, who: str, actor: Actor) -> str:
    """What somebody gets who tries; whoever is refused is told nothing, and changes nothing."""
    given = await INPUTS[trial.name](trial.house, who)
    if given is None:
        return SENSELESS
    tried = await trial.by(actor, given)
    done = tried.sign == READ
    assert tried.told == done, who
    assert not tried.changed or (done and trial.name not in HARMLESS), who
    return tried.sign


def test_every_part_of_the_table_is_about_something(expected: Lines):
    assert {place.part for place in expected} == {"Query", *objects_with_ids(), "Mutation", "Subscription"}
    assert {place.name for place in part_of(expected, "Mutation")} == set(INPUTS)


def test_every_mutation_is_tried():
    assert {mutation(name) for name in INPUTS} == fields_of("Mutation").keys()


async def test_every_field_of_every_type_is_asked(houses: Houses):
    asked = reading.asked_about(houses[OWN])
    for name in ("Query", *objects_with_ids(), *payloads()):
        asked.everything_of(name)

    left_out = {
        f"{name}.{field}" for name in attachment_store() for field in fields_of(name) if (name, field) not in asked.met
    }

    assert left_out == set()


def attachment_store() -> list[str]:
    """Every type with fields that are read: not what is done or followed, and not why something was refused."""
    return [
        name
        for name, kind in TYPES.items()
        if isinstance(kind, GraphQLObjectType)
        and not name.startswith("__")
        and not name.endswith(SHAPES)
        and name not in ("Mutation", "Subscription")
        and not any(each.name == REFUSALS for each in kind.interfaces)
    ]


def payloads() -> list[str]:
    """What the mutations answer."""
    return [get_named_type(field.type).name for field in fields_of("Mutation").values()]


def test_every_field_is_read_by_somebody(expected: Lines):
    unread = {
        f"{type_name}.{name}"
        for type_name in objects_with_ids()
        for name in reading.names(type_name)
        if "." not in name and READ not in signs_of(expected, type_name, name)
    }

    assert unread == set()


def test_every_guard_opens_for_some_and_keeps_others_out(expected: Lines):
    one_sided = {
        f"{source.name}.{name}"
        for source in SOURCES.values()
        for field in declared_fields(source)
        if field.guard is not None
        for name, _ in [schema_field(source, field)]
        if not {READ, NULL} <= signs_of(expected, source.name, name)
    }

    assert one_sided == set()


def signs_of(lines: Lines, type_name: str, name: str) -> set[str]:
    """Everything that anybody gets of a field of any object of a type."""
    return {
        sign
        for place, signs in lines.items()
        if (place.part, place.name) == (type_name, name)
        for sign in signs.values()
    }
