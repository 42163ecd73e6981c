"""Every viewer reads and does exactly what `docs/authorisation.md` says; `make authorisation` regenerates it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator

import pytest
from graphql import GraphQLObjectType, get_named_type

from domain.actor import Actor
from domain.database.privileges import DatabaseRole
from gql.reading.sources import SOURCES
from tests.authorisation import queries
from tests.authorisation.conftest import REFRESH
from tests.authorisation.inputs import INPUTS, PERSONAL, READ_ONLY, mutation_name
from tests.authorisation.mutations import MutationTrial
from tests.authorisation.queries import Responses, read_roots, read_subscriptions
from tests.authorisation.sample_organisation import Samples
from tests.authorisation.selection import USER_ERROR, fields_of, objects_with_ids
from tests.authorisation.table import NOT_APPLICABLE, NULL, OWN, READ, LineKey, Lines, differences, lines_of_chapter
from tests.authorisation.viewers import VIEWERS
from tests.database_roles import as_database_role
from tests.domain.naive.reads import READS
from tests.domain.naive.viewer import Viewer
from tests.domain.naive.visibility import SEES
from tests.domain.naive.world import World
from tests.gql.declared_fields import declared_fields, schema_field
from tests.gql.selections import TYPES

Observed = dict[LineKey, dict[str, str]]
ReadLines = Callable[[Samples, Actor], Awaitable[Iterator[tuple[LineKey, str]]]]

CONNECTION_TYPES = ("Connection", "Edge", "PageInfo")
"""Suffixes of types that make up a connection: they are read with the connection's field."""


def deviations(expected: Lines, lines: Lines, observed: Observed) -> list[str]:
    """The differences from the table; none while it is being regenerated."""
    observed |= {key: dict(signs) for key, signs in lines.items()}
    return [] if REFRESH else differences(expected, lines)


@pytest.mark.parametrize(("chapter", "read"), [("Query", read_roots), ("Subscription", read_subscriptions)])
async def test_root_fields_return_what_the_table_says(
    chapter: str, read: ReadLines, samples: Samples, expected: Lines, observed: Observed
):
    lines: Observed = defaultdict(dict)
    for who in VIEWERS:
        async with as_database_role(DatabaseRole.API):
            for key, sign in await read(samples, samples[OWN].actors[who]):
                lines[key][who] = sign

    assert deviations(lines_of_chapter(expected, chapter), lines, observed) == []


@pytest.mark.parametrize("type_name", objects_with_ids())
async def test_objects_return_what_the_table_says(
    type_name: str, samples: Samples, expected: Lines, observed: Observed
):
    lines: Observed = defaultdict(dict)
    wrong: list[str] = []
    world = await World.read()
    for who in VIEWERS:
        actor = samples[OWN].actors[who]
        async with as_database_role(DatabaseRole.API):
            responses = await queries.read_objects(type_name, samples, actor)
        wrong += (f"{who}: {each}" for each in contradictions(type_name, samples, responses, Viewer(world, actor)))
        for key, sign in queries.lines_about(type_name, responses):
            lines[key][who] = sign

    assert wrong + deviations(lines_of_chapter(expected, type_name), lines, observed) == []


def contradictions(type_name: str, samples: Samples, responses: Responses, viewer: Viewer) -> list[str]:
    """Differences between the responses and the naive implementation of the domain, whatever the table says."""
    source, wrong = SOURCES[type_name], []
    assert source.model
    guarded = [field for field in declared_fields(source) if field.guard is not None]
    for whose, by_label in responses.items():
        for label, response in by_label.items():
            row = viewer.world.one(source.model, samples[whose].objects[type_name][label].pk)
            if (response is not None) != SEES[source.model](viewer, row):
                wrong.append(f"{whose}{label}")
            for field in guarded if response is not None else ():
                name, _ = schema_field(source, field)
                has_value = getattr(row, field.python_name, True) is not None
                if (response[name] is not None) != (
                    has_value and READS[f"{type_name}.{field.python_name}"](viewer, row)
                ):
                    wrong.append(f"{whose}{label}: {name}")
    return wrong


@pytest.mark.parametrize("name", INPUTS)
async def test_mutations_do_what_the_table_says(name: str, samples: Samples, expected: Lines, observed: Observed):
    lines: Observed = {}
    for whose in (OWN,) if name in PERSONAL else samples:
        key, trial = LineKey("Mutation", "what can be done", whose, name), MutationTrial(name, samples[whose])
        lines[key] = {who: await sign_of(trial, who, samples[OWN].actors[who]) for who in VIEWERS}

    expected_lines = {key: signs for key, signs in lines_of_chapter(expected, "Mutation").items() if key.name == name}
    assert deviations(expected_lines, lines, observed) == []


async def sign_of(trial: MutationTrial, who: str, actor: Actor) -> str:
    """The sign of a mutation; a refused one changes nothing and returns no data."""
    mutation_input = await INPUTS[trial.name](trial.sample, who)
    if mutation_input is None:
        return NOT_APPLICABLE
    outcome = await trial.execute_as(actor, mutation_input)
    is_executed = outcome.sign == READ
    assert outcome.has_data == is_executed, who
    assert not outcome.has_changed or (is_executed and trial.name not in READ_ONLY), who
    return outcome.sign


def test_the_table_has_exactly_the_chapters_and_mutations_of_the_schema(expected: Lines):
    assert {key.chapter for key in expected} == {"Query", *objects_with_ids(), "Mutation", "Subscription"}
    assert {key.name for key in lines_of_chapter(expected, "Mutation")} == set(INPUTS)


def test_every_mutation_has_an_input():
    assert {mutation_name(name) for name in INPUTS} == fields_of("Mutation").keys()


async def test_every_field_of_every_type_is_selected(samples: Samples):
    builder = queries.selection_builder(samples[OWN])
    for name in ("Query", *objects_with_ids(), *payload_types()):
        builder.all_fields(name)

    left_out = {
        f"{name}.{field}"
        for name in readable_types()
        for field in fields_of(name)
        if (name, field) not in builder.selected
    }

    assert left_out == set()


def readable_types() -> list[str]:
    """The object types that are read: not the other roots, parts of connections, and errors in payloads."""
    return [
        name
        for name, kind in TYPES.items()
        if isinstance(kind, GraphQLObjectType)
        and not name.startswith("__")
        and not name.endswith(CONNECTION_TYPES)
        and name not in ("Mutation", "Subscription")
        and not any(each.name == USER_ERROR for each in kind.interfaces)
    ]


def payload_types() -> list[str]:
    """The payload types of the mutations."""
    return [get_named_type(field.type).name for field in fields_of("Mutation").values()]


def test_every_field_has_a_value_for_some_viewer(expected: Lines):
    unread = {
        f"{type_name}.{name}"
        for type_name in objects_with_ids()
        for name in queries.line_names(type_name)
        if "." not in name and READ not in signs_of(expected, type_name, name)
    }

    assert unread == set()


def test_every_guarded_field_has_a_value_for_some_viewers_and_null_for_others(expected: Lines):
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
    """All signs of a field, of any object of a type and for any viewer."""
    return {
        sign for key, signs in lines.items() if (key.chapter, key.name) == (type_name, name) for sign in signs.values()
    }
