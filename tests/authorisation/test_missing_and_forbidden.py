"""What somebody may not see answers exactly as what never was: the same bytes, after as many statements."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from tortoise.transactions import in_transaction

from domain.actor import Actor
from domain.database.privileges import DatabaseRole
from domain.sealed_national_number import number_columns
from gql.reading.ids import from_global_id, global_id
from tests import rows
from tests.authorisation.acting import document
from tests.authorisation.house import Houses
from tests.authorisation.inputs import INPUTS, PERSONAL, Input, mutation
from tests.authorisation.table import FOREIGN, OWN
from tests.database_roles import as_database_role
from tests.gql.access_manager_api import PARAMETERS
from tests.gql.execution import OperationResult, execute_operation
from tests.rows.registers import a_registered_person

WHO: Final = ("legal", "sender", "newcomer", "authority")
"""Those who may do something of each kind with their own, and one who has nothing."""
NEVER: Final = 2**40
"""A key that no row has."""

NODE: Final = "query($about: ID!, $hidden: ID!) { node(id: $about) { id } hidden: node(id: $hidden) { id } }"
ACCESS_OF: Final = """query($about: ID!, $hidden: ID!) { node(id: $about) { ... on Contract {
  accessOf(userId: $hidden) { user { id } reasons { __typename } } } } }"""
CONTRACT_ACCESS: Final = """query($about: ID!, $hidden: ID!) { node(id: $about) { ... on User {
  contractAccess(organisationId: $hidden) { totalCount } } } }"""
CONTRACTS: Final = """query($about: ID!, $hidden: ID!) { node(id: $about) { ... on Organisation {
  contracts(filter: {groupId: $hidden}) { totalCount edges { node { id } } } } } }"""

Path = tuple[str | int, ...]


class _Undone(Exception):  # noqa: N818  # it undoes
    """Ends a transaction that is not to last."""


@pytest.mark.parametrize("who", WHO)
async def test_an_act_on_what_is_not_ones_own(who: str, houses: Houses):
    actor, tried = houses[OWN].actors[who], 0
    for name in INPUTS:
        given, foreign = await INPUTS[name](houses[OWN], who), await INPUTS[name](houses[FOREIGN], "admin")
        for path, kind, hidden in others_in(given, foreign):
            tried += 1
            forbidden, missing = [
                await act(actor, name, put(given, path, global_id(kind, key))) for key in (hidden, NEVER)
            ]
            assert forbidden == missing, (name, path)

    assert tried >= len(INPUTS) - len(PERSONAL)


@pytest.mark.parametrize("who", WHO)
async def test_a_question_about_what_is_not_ones_own(who: str, houses: Houses):
    own, foreign = houses[OWN], houses[FOREIGN]
    contract, user = own.thing("Contract", "one that the groups are linked to"), own.people["drafter"]
    for text, about, kind, hidden in (
        (NODE, own.organisation, "Document", foreign.thing("Document", "a draft").pk),
        (ACCESS_OF, contract, "User", foreign.people["drafter"].pk),
        (CONTRACT_ACCESS, user, "Organisation", foreign.organisation.pk),
        (CONTRACTS, own.organisation, "Group", foreign.groups["sender"].pk),
    ):
        given = {"about": global_id(type(about).__name__, about.pk)}
        forbidden, missing = [
            await execute_operation(own.actors[who], text, **given, hidden=global_id(kind, key))
            for key in (hidden, NEVER)
        ]
        assert (forbidden.data, forbidden.errors) == (missing.data, missing.errors), text
        assert len(forbidden.statements) == len(missing.statements), text


async def test_a_number_of_somebody_known_elsewhere(houses: Houses):
    own, elsewhere = houses[OWN], rows.a_national_number()
    for number in (elsewhere, unknown := rows.a_national_number()):
        await a_registered_person(number, given_name="Rik", family_name="Janssens")
    await rows.a_user(**number_columns(elsewhere))
    given = {"organisationId": global_id("Organisation", own.organisation.pk)}

    known, stranger = [
        await act(own.actors["manager"], "lookUpPerson", given | {"nationalNumber": number})
        for number in (elsewhere, unknown)
    ]

    assert known[2] == stranger[2]
    assert [told["done"]["person"]["user"] for told in (known[0], stranger[0])] == [None, None]


async def test_adding_somebody_known_elsewhere(houses: Houses):
    """Under another name and in another language there, which the register and the adding change or don't."""
    own, elsewhere = houses[OWN], rows.a_national_number()
    for number in (elsewhere, unknown := rows.a_national_number()):
        await a_registered_person(number, given_name="Rik", family_name="Janssens")
    await rows.a_user(given_name="Hendrik", language="FR", **number_columns(elsewhere))
    given = {"organisationId": global_id("Organisation", own.organisation.pk), "language": "NL"}

    known, stranger = [
        await act(own.actors["manager"], "addPerson", given | {"nationalNumber": number})
        for number in (elsewhere, unknown)
    ]

    assert known[2] == stranger[2]
    assert [told["done"]["errors"] for told in (known[0], stranger[0])] == [[], []]


async def test_a_link_of_an_organisation_that_takes_no_requests(houses: Houses):
    closed = await rows.an_organisation()
    link = PARAMETERS | {"ctx": "Gebruiker"}

    forbidden, missing = [
        await act(houses[OWN].actors["newcomer"], "requestSelfRegistration", {"link": link | {"oc": number}})
        for number in (closed.enterprise_number, rows.an_enterprise_number())
    ]

    assert forbidden == missing


def others_in(given: Input, foreign: Input) -> Iterator[tuple[Path, str, int]]:
    """The places of an input where another's stands at the same place of another input: its type and its key."""
    for path, own in ids_in(given):
        for place, other in ids_in(foreign):
            found = from_global_id(other)
            if place == path and other != own and found:
                yield path, *found


async def act(actor: Actor, name: str, given: Input) -> tuple[Any, list[Any], int]:
    """What somebody is told who tries, and how many statements that took; undone."""
    answer: OperationResult | None = None
    try:
        async with in_transaction():
            async with as_database_role(DatabaseRole.API):
                answer = await execute_operation(actor, document(mutation(name)), input=given)
            raise _Undone  # noqa: TRY301  # that is how a transaction is undone
    except _Undone:
        assert answer is not None
        return answer.data, answer.errors, len(answer.statements)


def ids_in(given: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every id in an input, and where it stands."""
    if isinstance(given, str) and from_global_id(given):
        yield path, given
    elif isinstance(given, dict | list):
        for step, inner in given.items() if isinstance(given, dict) else enumerate(given):
            yield from ids_in(inner, (*path, step))


def put(given: Any, path: Path, value: Any) -> Any:
    """A copy of an input with another value at one place."""
    if not path:
        return value
    step, *rest = path
    inner = put(given[step], tuple(rest), value)
    if isinstance(given, dict):
        return given | {step: inner}
    return [inner if place == step else each for place, each in enumerate(given)]
