"""Every field of every object, asked by everyone: what is read, and what is not."""

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
from tests.authorisation.answers import ids_in, sign
from tests.authorisation.house import House, Houses
from tests.authorisation.selection import Asked, fields_of, parts, paths
from tests.authorisation.table import ABSENT, FOREIGN, OWN, READ, STRANGER, Place
from tests.gql.access_manager_api import PARAMETERS
from tests.gql.execution import execute_operation

ALIASES = {OWN: "own", FOREIGN: "foreign"}
Found = dict[str, dict[str, Any]]
"""What was answered about each object, by whose it is and what is said of it."""


def asked_about(house: House) -> Asked:
    """What is asked about the objects of a house, with its people where a field needs one."""
    organisation = global_id("Organisation", house.organisation.id)
    given = PARAMETERS | {"oc": house.organisation.enterprise_number, "ctx": "Gebruiker"}
    link = " ".join(f'{name}: "{value}"' for name, value in given.items())
    return Asked(
        {
            ("Contract", "accessOf"): f'userId: "{global_id("User", house.people["drafter"].id)}"',
            ("Contract", "notificationPreview"): "trigger: CONTRACT_AVAILABLE",
            ("User", "contractAccess"): f'organisationId: "{organisation}"',
            ("Query", "node"): f'id: "{organisation}"',
            ("Query", "nodes"): f'ids: ["{organisation}"]',
            ("Query", "organisation"): f'enterpriseNumber: "{house.organisation.enterprise_number}"',
            ("Query", "selfRegistrationForm"): f"link: {{ {link} }}",
        }
    )


def names(type_name: str) -> Iterator[str]:
    """The lines about an object of a type: its fields, and what `viewerCan` may hold."""
    for path in paths(type_name):
        model = SOURCES[type_name].model
        if path == "viewerCan" and model:
            yield from (f"viewerCan: {ability}" for ability in POLICIES[model])
        else:
            yield path


async def read_objects(type_name: str, houses: Houses, actor: Actor) -> Found:
    """What somebody is answered about all objects of a type, at once.

    Whatever it leads them to they find by its id as well.
    """
    given: dict[str, Any] = {
        ALIASES[whose]: [global_id(type_name, row.pk) for row in house.things[type_name].values()]
        for whose, house in houses.items()
    }
    asked = " ".join(
        f"{ALIASES[whose]}: nodes(ids: ${ALIASES[whose]})"
        f" {{ ... on {type_name} {{ __typename {asked_about(house).everything_of(type_name)} }} }}"
        for whose, house in houses.items()
    )
    answer = await execute_operation(actor, f"query($own: [ID!]!, $foreign: [ID!]!) {{ {asked} }}", **given)
    if not actor.signed_in:
        assert set(answer.codes) == {"UNAUTHENTICATED"}
        return {whose: dict.fromkeys(house.things[type_name]) for whose, house in houses.items()}
    assert answer.errors == []
    await _find_again(actor, sorted(set(ids_in(answer.data))))
    return {
        whose: dict(zip(house.things[type_name], answer.data[ALIASES[whose]], strict=True))
        for whose, house in houses.items()
    }


async def _find_again(actor: Actor, ids: list[str]) -> None:
    answer = await execute_operation(actor, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert answer.data == {"nodes": [{"id": each} for each in ids]}, "An edge leads to what isn't found by its id."


def lines_about(type_name: str, found: Found) -> Iterator[tuple[Place, str]]:
    """Every line about the objects of a type, with what somebody gets; what is everybody's stands there once."""
    for whose, of_whose in found.items():
        for said, answer in of_whose.items():
            if (whose, said) != (FOREIGN, "of everybody"):
                for name in names(type_name):
                    yield Place(type_name, said, whose, name), sign(answer, name)


async def read_roots(houses: Houses, actor: Actor) -> Iterator[tuple[Place, str]]:
    """Every line about the fields of Query, with what somebody gets."""
    found = []
    for name in fields_of("Query"):
        for whose, house in houses.items():
            asked = asked_about(house)
            if whose == FOREIGN and ("Query", name) not in asked.arguments:
                continue
            answer = await execute_operation(actor, f"{{ {asked.only('Query', name)} }}")
            assert set(answer.codes) <= {"UNAUTHENTICATED"}
            for path in (name, *parts("Query", name)):
                place = Place("Query", "query", whose, path)
                found.append((place, STRANGER if answer.errors else sign(answer.data, path)))
    return iter(found)


async def follow(houses: Houses, actor: Actor) -> Iterator[tuple[Place, str]]:
    """Every line about the fields of Subscription: who may follow is who reads the connection that they belong to."""
    found = []
    for field in Subscription.__strawberry_definition__.fields:  # type: ignore[attr-defined]  # set by Strawberry
        assert isinstance(field, RootField)
        watch = field.root_resolver
        assert isinstance(watch, ChangeSubscription)
        for whose, house in houses.items():
            owner = next(iter(house.things[watch.owner.name].values()))
            asked = f"... on {watch.owner.name} {{ {watch.connection.python_name} {{ totalCount }} }}"
            given = {"id": global_id(watch.owner.name, owner.pk)}
            answer = await execute_operation(actor, f"query($id: ID!) {{ node(id: $id) {{ {asked} }} }}", **given)
            node = answer.data and answer.data["node"]
            allowed = node is not None and node[watch.connection.python_name] is not None
            place = Place("Subscription", "what can be followed", whose, to_camel_case(field.python_name))
            found.append((place, STRANGER if answer.errors else READ if allowed else ABSENT))
    return iter(found)
