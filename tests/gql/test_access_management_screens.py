"""The screens of the manual's wizards about access, as GraphiQL offers them, on the demo's data."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import User
from domain.sealed_national_number import has_number
from gql.explorer.examples import Example, examples
from gql.explorer.values import samples_for, values_for
from local.demo_data.load import load_demo_data
from local.people import persona
from tests.gql.execution import execute_operation
from tests.prepared_databases import PreparedDatabases

SCREENS = ("10", "11", "12")
MANAGERS = ("legal", "main-manager", "manager")
# What only legal representatives and the main access manager may do.
FOR_APPOINTERS = {"AppointAccessManager", "DismissAccessManager"}
OTHERS = ("admin", "sender", "drafter", "reader", "specific", "colleague", "outsider")


@pytest.fixture(autouse=True)
async def demo(prepared_databases: PreparedDatabases) -> AsyncIterator[None]:
    """The demo's data in this test's own database."""
    async with prepared_databases.open("demo", load_demo_data):
        yield


async def actor_of(key: str) -> Actor:
    person = persona(key)
    assert person is not None
    user = await User.get(has_number(person.national_number))
    return Actor(user_id=user.id)


def access_examples() -> list[Example]:
    return [example for example in examples() if example.screen.startswith(SCREENS)]


async def execute_example(example: Example, actor: Actor) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The data of an example with its own values, and the errors of its payloads."""
    variables = values_for(example.name, example.variables, await samples_for(actor))
    result = await execute_operation(actor, example.document, **variables)
    assert result.errors == [], example.name
    payloads = [value for value in result.data.values() if isinstance(value, dict) and "errors" in value]
    return result.data, [error for payload in payloads for error in payload["errors"]]


async def test_every_operation_of_the_screens_is_an_example():
    names = {example.name for example in access_examples()}
    assert names >= {
        "WorkRelationStep1",
        "CreateWorkRelation",
        "ExtendWorkRelation",
        "EndWorkRelation",
        "AccessManagementHome",
        "GrantRightContext",
        "GrantAccessRight",
        "ChangeAccessRight",
        "RevokeAccessRight",
        "AccessMandates",
        "DismissAccessManager",
        "SetMandateEmail",
    }


@pytest.mark.parametrize("key", MANAGERS)
async def test_each_example_works_unchanged_for_an_access_manager(key: str):
    actor = await actor_of(key)
    for example in access_examples():
        data, errors = await execute_example(example, actor)
        if key == "manager" and example.name in FOR_APPOINTERS:
            [error] = errors
            assert error["code"] in {"FORBIDDEN", "NOT_FOUND"}
        else:
            assert errors == [], example.name
            assert all(value is not None for value in data.values()), example.name


@pytest.mark.parametrize("key", OTHERS)
async def test_nobody_else_may_execute_the_mutations_of_the_examples(key: str):
    actor, manager = await actor_of(key), await actor_of("legal")
    samples = await samples_for(manager)
    for example in access_examples():
        if not example.document.startswith("mutation"):
            continue
        result = await execute_operation(
            actor, example.document, **values_for(example.name, example.variables, samples)
        )
        [payload] = result.data.values()
        assert [error["code"] for error in payload["errors"]] in (["FORBIDDEN"], ["NOT_FOUND"]), example.name


async def test_administrators_are_those_with_the_role_and_the_legal_representatives():
    document = "{ viewer { organisations { organisation { administrators { user { fullName } } } } } }"
    result = await execute_operation(await actor_of("sender"), document)
    [access] = result.data["viewer"]["organisations"]
    names = [administrator["user"]["fullName"] for administrator in access["organisation"]["administrators"]]
    assert names == ["Marleen Jacobs", "Luc Peeters", "Hilde Vandenbroucke", "Bart Wouters"]


async def test_the_wizard_step_by_step():
    """Work relation, right, change, revocation, end: each step uses the payload of the one before."""
    actor = await actor_of("manager")
    examples_by_name = {example.name: example for example in access_examples()}
    home, _ = await execute_example(examples_by_name["AccessManagementHome"], actor)
    assert home["organisation"]["workRelations"]["totalCount"] > 10
    created, _ = await execute_example(examples_by_name["CreateWorkRelation"], actor)
    relation = created["createWorkRelation"]["workRelation"]
    assert (relation["status"], relation["version"], relation["right"]) == ("ACTIVE", 1, None)

    grant_input = {"workRelationId": relation["id"], "roles": ["USER"], "reason": "Nieuw op de werf"}
    granted = await execute_operation(actor, examples_by_name["GrantAccessRight"].document, input=grant_input)
    right = granted.data["grantAccessRight"]["right"]
    assert (right["roles"], right["active"], right["workRelation"]["right"]["id"]) == (["USER"], True, right["id"])

    change_input = {
        "id": right["id"],
        "version": 1,
        "roles": ["USER", "ADMINISTRATOR"],
        "reason": "Vervangt de beheerder",
    }
    changed = await execute_operation(actor, examples_by_name["ChangeAccessRight"].document, input=change_input)
    right = changed.data["changeAccessRight"]["right"]
    assert right["roles"] == ["ADMINISTRATOR", "USER"]
    administrators = {
        administrator["user"]["id"] for administrator in right["workRelation"]["organisation"]["administrators"]
    }
    assert relation["user"]["id"] in administrators

    revocation = {"id": right["id"], "version": 2, "reason": "Andere functie"}
    revoked = await execute_operation(actor, examples_by_name["RevokeAccessRight"].document, input=revocation)
    right = revoked.data["revokeAccessRight"]["right"]
    assert (right["active"], right["workRelation"]["right"]) == (False, None)

    end_input = {"id": relation["id"], "version": 1, "on": relation["validFrom"], "reason": "Begint toch niet"}
    ended = await execute_operation(actor, examples_by_name["EndWorkRelation"].document, input=end_input)
    assert ended.data["endWorkRelation"]["workRelation"]["validUntil"] == relation["validFrom"]
