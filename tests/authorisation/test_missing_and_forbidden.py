"""A forbidden object and a missing one get the same response, after the same number of statements."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from domain.actor import Actor
from domain.database.privileges import DatabaseRole
from domain.sealed_national_number import number_columns
from gql.reading.ids import from_global_id, global_id
from tests import rows
from tests.authorisation.inputs import INPUTS, PERSONAL, MutationInput, mutation_name
from tests.authorisation.mutations import mutation_document, rolled_back
from tests.authorisation.sample_organisation import Samples
from tests.authorisation.table import FOREIGN, OWN
from tests.database_roles import as_database_role
from tests.gql.access_manager_api import PARAMETERS
from tests.gql.execution import execute_operation
from tests.rows.registers import a_registered_person

VIEWERS: Final = ("legal", "sender", "newcomer", "authority")
"""Together they may execute every kind of mutation on their own organisation's objects; one has no organisation."""
MISSING_KEY: Final = 2**40
"""A key that no row has."""

NODE: Final = "query($about: ID!, $hidden: ID!) { node(id: $about) { id } hidden: node(id: $hidden) { id } }"
ACCESS_OF: Final = """query($about: ID!, $hidden: ID!) { node(id: $about) { ... on Contract {
  accessOf(userId: $hidden) { user { id } reasons { __typename } } } } }"""
CONTRACT_ACCESS: Final = """query($about: ID!, $hidden: ID!) { node(id: $about) { ... on User {
  contractAccess(organisationId: $hidden) { totalCount } } } }"""
CONTRACTS: Final = """query($about: ID!, $hidden: ID!) { node(id: $about) { ... on Organisation {
  contracts(filter: {groupId: $hidden}) { totalCount edges { node { id } } } } } }"""

Path = tuple[str | int, ...]


@pytest.mark.parametrize("who", VIEWERS)
async def test_mutations_of_forbidden_and_missing_objects_have_the_same_result(who: str, samples: Samples):
    actor, attempts = samples[OWN].actors[who], 0
    for name in INPUTS:
        mutation_input, foreign = await INPUTS[name](samples[OWN], who), await INPUTS[name](samples[FOREIGN], "admin")
        for path, type_name, hidden in foreign_ids(mutation_input, foreign):
            attempts += 1
            forbidden, missing = [
                await execute_mutation(actor, name, replaced(mutation_input, path, global_id(type_name, key)))
                for key in (hidden, MISSING_KEY)
            ]
            assert forbidden == missing, (name, path)

    assert attempts >= len(INPUTS) - len(PERSONAL)


@pytest.mark.parametrize("who", VIEWERS)
async def test_queries_of_forbidden_and_missing_objects_have_the_same_result(who: str, samples: Samples):
    own, foreign = samples[OWN], samples[FOREIGN]
    contract, user = own.object("Contract", "one that the groups are linked to"), own.people["drafter"]
    for document, subject, type_name, hidden in (
        (NODE, own.organisation, "Document", foreign.object("Document", "a draft").pk),
        (ACCESS_OF, contract, "User", foreign.people["drafter"].pk),
        (CONTRACT_ACCESS, user, "Organisation", foreign.organisation.pk),
        (CONTRACTS, own.organisation, "Group", foreign.groups["sender"].pk),
    ):
        variables = {"about": global_id(type(subject).__name__, subject.pk)}
        forbidden, missing = [
            await execute_operation(own.actors[who], document, **variables, hidden=global_id(type_name, key))
            for key in (hidden, MISSING_KEY)
        ]
        assert (forbidden.data, forbidden.errors) == (missing.data, missing.errors), document
        assert len(forbidden.statements) == len(missing.statements), document


async def test_looking_up_a_person_does_not_tell_that_another_organisation_knows_them(samples: Samples):
    own, elsewhere = samples[OWN], rows.a_national_number()
    for number in (elsewhere, unknown := rows.a_national_number()):
        await a_registered_person(number, given_name="Rik", family_name="Janssens")
    await rows.a_user(**number_columns(elsewhere))
    mutation_input = {"organisationId": global_id("Organisation", own.organisation.pk)}

    known, stranger = [
        await execute_mutation(own.actors["manager"], "lookUpPerson", mutation_input | {"nationalNumber": number})
        for number in (elsewhere, unknown)
    ]

    assert known[2] == stranger[2]
    assert [data["done"]["person"]["user"] for data in (known[0], stranger[0])] == [None, None]


async def test_adding_a_person_does_not_tell_that_another_organisation_knows_them(samples: Samples):
    """Under another name and in another language there, which the register and the adding change or don't."""
    own, elsewhere = samples[OWN], rows.a_national_number()
    for number in (elsewhere, unknown := rows.a_national_number()):
        await a_registered_person(number, given_name="Rik", family_name="Janssens")
    await rows.a_user(given_name="Hendrik", language="FR", **number_columns(elsewhere))
    mutation_input = {"organisationId": global_id("Organisation", own.organisation.pk), "language": "NL"}

    known, stranger = [
        await execute_mutation(own.actors["manager"], "addPerson", mutation_input | {"nationalNumber": number})
        for number in (elsewhere, unknown)
    ]

    assert known[2] == stranger[2]
    assert [data["done"]["errors"] for data in (known[0], stranger[0])] == [[], []]


async def test_a_link_of_an_organisation_without_a_main_access_manager_does_not_tell_that_it_exists(samples: Samples):
    closed = await rows.an_organisation()
    link = PARAMETERS | {"ctx": "Gebruiker"}

    forbidden, missing = [
        await execute_mutation(
            samples[OWN].actors["newcomer"], "requestSelfRegistration", {"link": link | {"oc": number}}
        )
        for number in (closed.enterprise_number, rows.an_enterprise_number())
    ]

    assert forbidden == missing


def foreign_ids(mutation_input: MutationInput, foreign: MutationInput) -> Iterator[tuple[Path, str, int]]:
    """The paths at which another input has another id: with the type and key of that id."""
    for path, own in ids_in(mutation_input):
        for other_path, other in ids_in(foreign):
            decoded = from_global_id(other)
            if other_path == path and other != own and decoded:
                yield path, *decoded


async def execute_mutation(actor: Actor, name: str, mutation_input: MutationInput) -> tuple[Any, list[Any], int]:
    """Executes a mutation and rolls it back; the data, the errors and the number of statements."""
    async with rolled_back(), as_database_role(DatabaseRole.API):
        result = await execute_operation(actor, mutation_document(mutation_name(name)), input=mutation_input)
    return result.data, result.errors, len(result.statements)


def ids_in(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The ids in an input, with their paths."""
    if isinstance(value, str) and from_global_id(value):
        yield path, value
    elif isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from ids_in(inner, (*path, step))


def replaced(original: Any, path: Path, value: Any) -> Any:
    """A copy of an input with another value at the path."""
    if not path:
        return value
    step, *rest = path
    inner = replaced(original[step], tuple(rest), value)
    if isinstance(original, dict):
        return original | {step: inner}
    return [inner if index == step else each for index, each in enumerate(original)]
