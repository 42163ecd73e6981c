"""Selects every field of every object as one viewer, and gives the signs of the response."""

from collections.abc import Iterator
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from domain.actor import Actor
from domain.policies.abilities import POLICIES
from gql.live.subscription import ChangeSubscription
from gql.reading.ids import global_id
from gql.reading.sources import SOURCES
from gql.roots import RootField
from gql.schema.subscription import Subscription
from tests.authorisation.sample_organisation import SampleOrganisation, Samples
from tests.authorisation.selection import SelectionBuilder, fields_of, nested_paths, paths
from tests.authorisation.signs import ids_in, sign
from tests.authorisation.table import ABSENT, FOREIGN, OWN, READ, UNAUTHENTICATED, LineKey
from tests.gql.access_manager_api import PARAMETERS
from tests.gql.execution import execute_operation

ALIASES = {OWN: "own", FOREIGN: "foreign"}
Responses = dict[str, dict[str, Any]]
"""The response for each object, by `whose` and label."""


def selection_builder(sample: SampleOrganisation) -> SelectionBuilder:
    """The builder of selections of a sample organisation's objects, with arguments for the fields that require them."""
    organisation = global_id("Organisation", sample.organisation.id)
    parameters = PARAMETERS | {"oc": sample.organisation.enterprise_number, "ctx": "Gebruiker"}
    link = " ".join(f'{name}: "{value}"' for name, value in parameters.items())
    return SelectionBuilder(
        {
            ("Contract", "accessOf"): f'userId: "{global_id("User", sample.people["drafter"].id)}"',
            ("Contract", "notificationPreview"): "trigger: CONTRACT_AVAILABLE",
            ("User", "contractAccess"): f'organisationId: "{organisation}"',
            ("Query", "node"): f'id: "{organisation}"',
            ("Query", "nodes"): f'ids: ["{organisation}"]',
            ("Query", "organisation"): f'enterpriseNumber: "{sample.organisation.enterprise_number}"',
            ("Query", "selfRegistrationForm"): f"link: {{ {link} }}",
        }
    )


def line_names(type_name: str) -> Iterator[str]:
    """The names of the lines about an object of a type: its fields, and the possible values of `viewerCan`."""
    for path in paths(type_name):
        model = SOURCES[type_name].model
        if path == "viewerCan" and model:
            yield from (f"viewerCan: {ability}" for ability in POLICIES[model])
        else:
            yield path


async def read_objects(type_name: str, samples: Samples, actor: Actor) -> Responses:
    """The responses for all objects of a type, read by one operation.

    Also asserts that `nodes` finds every object in them by its id.
    """
    variables: dict[str, Any] = {
        ALIASES[whose]: [global_id(type_name, row.pk) for row in sample.objects[type_name].values()]
        for whose, sample in samples.items()
    }
    selections = " ".join(
        f"{ALIASES[whose]}: nodes(ids: ${ALIASES[whose]})"
        f" {{ ... on {type_name} {{ __typename {selection_builder(sample).all_fields(type_name)} }} }}"
        for whose, sample in samples.items()
    )
    result = await execute_operation(actor, f"query($own: [ID!]!, $foreign: [ID!]!) {{ {selections} }}", **variables)
    if not actor.signed_in:
        assert set(result.codes) == {"UNAUTHENTICATED"}
        return {whose: dict.fromkeys(sample.objects[type_name]) for whose, sample in samples.items()}
    assert result.errors == []
    await _assert_found_by_id(actor, sorted(set(ids_in(result.data))))
    return {
        whose: dict(zip(sample.objects[type_name], result.data[ALIASES[whose]], strict=True))
        for whose, sample in samples.items()
    }


async def _assert_found_by_id(actor: Actor, ids: list[str]) -> None:
    result = await execute_operation(actor, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert result.data == {"nodes": [{"id": each} for each in ids]}, (
        "A field leads to an object that isn't found by its id."
    )


def lines_about(type_name: str, responses: Responses) -> Iterator[tuple[LineKey, str]]:
    """The lines about the objects of a type, with their signs; objects of everybody have one line."""
    for whose, by_label in responses.items():
        for label, response in by_label.items():
            if (whose, label) != (FOREIGN, "of everybody"):
                for name in line_names(type_name):
                    yield LineKey(type_name, label, whose, name), sign(response, name)


async def read_roots(samples: Samples, actor: Actor) -> Iterator[tuple[LineKey, str]]:
    """The lines about the fields of Query, with their signs."""
    lines = []
    for name in fields_of("Query"):
        for whose, sample in samples.items():
            builder = selection_builder(sample)
            if whose == FOREIGN and ("Query", name) not in builder.arguments:
                continue
            result = await execute_operation(actor, f"{{ {builder.one_field('Query', name)} }}")
            assert set(result.codes) <= {"UNAUTHENTICATED"}
            for path in (name, *nested_paths("Query", name)):
                key = LineKey("Query", "query", whose, path)
                lines.append((key, UNAUTHENTICATED if result.errors else sign(result.data, path)))
    return iter(lines)


async def read_subscriptions(samples: Samples, actor: Actor) -> Iterator[tuple[LineKey, str]]:
    """The lines about the fields of Subscription: who may subscribe is who reads the connection of their rows."""
    lines = []
    for field in Subscription.__strawberry_definition__.fields:  # type: ignore[attr-defined]  # set by Strawberry
        assert isinstance(field, RootField)
        watch = field.root_resolver
        assert isinstance(watch, ChangeSubscription)
        for whose, sample in samples.items():
            owner = next(iter(sample.objects[watch.owner.name].values()))
            selection = f"... on {watch.owner.name} {{ {watch.connection.python_name} {{ totalCount }} }}"
            variables = {"id": global_id(watch.owner.name, owner.pk)}
            result = await execute_operation(
                actor, f"query($id: ID!) {{ node(id: $id) {{ {selection} }} }}", **variables
            )
            node = result.data and result.data["node"]
            allowed = node is not None and node[watch.connection.python_name] is not None
            key = LineKey("Subscription", "what can be followed", whose, to_camel_case(field.python_name))
            lines.append((key, UNAUTHENTICATED if result.errors else READ if allowed else ABSENT))
    return iter(lines)
