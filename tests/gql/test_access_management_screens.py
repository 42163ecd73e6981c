"""The screens of the manual's wizards about access, as GraphiQL offers them, on the demo's own data."""

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
from tests.prepared import Prepared

SCREENS = ("10", "11", "12")
MANAGERS = ("legal", "main-manager", "manager")
# What an access manager who isn't the main one may not do.
FOR_APPOINTERS = {"AppointAccessManager", "DismissAccessManager"}
OTHERS = ("admin", "sender", "drafter", "reader", "specific", "colleague", "outsider")


@pytest.fixture(autouse=True)
async def demo(prepared: Prepared) -> AsyncIterator[None]:
    """The demo's data in this test's own database."""
    async with prepared.opened("demo", load_demo_data):
        yield


async def actor(key: str) -> Actor:
    found = persona(key)
    assert found is not None
    user = await User.get(has_number(found.national_number))
    return Actor(user_id=user.id)


def offered() -> list[Example]:
    return [example for example in examples() if example.screen.startswith(SCREENS)]


async def run(example: Example, who: Actor) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The data with the example's own values, and what was refused."""
    variables = values_for(example.name, example.variables, await samples_for(who))
    answer = await execute_operation(who, example.document, **variables)
    assert answer.errors == [], example.name
    payloads = [value for value in answer.data.values() if isinstance(value, dict) and "errors" in value]
    return answer.data, [error for payload in payloads for error in payload["errors"]]


async def test_every_operation_of_the_screens_is_offered():
    names = {example.name for example in offered()}
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
async def test_each_example_works_as_it_stands_for_an_access_manager(key: str):
    who = await actor(key)
    for example in offered():
        data, errors = await run(example, who)
        if key == "manager" and example.name in FOR_APPOINTERS:
            [error] = errors
            assert error["code"] in {"FORBIDDEN", "NOT_FOUND"}
        else:
            assert errors == [], example.name
            assert all(value is not None for value in data.values()), example.name


@pytest.mark.parametrize("key", OTHERS)
async def test_nobody_else_changes_anything_with_them(key: str):
    who, manager = await actor(key), await actor("legal")
    known = await samples_for(manager)
    for example in offered():
        if not example.document.startswith("mutation"):
            continue
        answer = await execute_operation(who, example.document, **values_for(example.name, example.variables, known))
        [payload] = answer.data.values()
        assert [error["code"] for error in payload["errors"]] in (["FORBIDDEN"], ["NOT_FOUND"]), example.name


async def test_administrators_are_those_with_the_role_and_the_legal_representatives():
    document = "{ viewer { organisations { organisation { administrators { user { fullName } } } } } }"
    answer = await execute_operation(await actor("sender"), document)
    [own] = answer.data["viewer"]["organisations"]
    names = [one["user"]["fullName"] for one in own["organisation"]["administrators"]]
    assert names == ["Marleen Jacobs", "Luc Peeters", "Hilde Vandenbroucke", "Bart Wouters"]


async def test_the_wizard_from_step_to_step():
    """Work relation, right, change, revocation, end: what one step answers feeds the next."""
    who = await actor("manager")
    steps = {example.name: example for example in offered()}
    home, _ = await run(steps["AccessManagementHome"], who)
    assert home["organisation"]["workRelations"]["totalCount"] > 10
    made, _ = await run(steps["CreateWorkRelation"], who)
    relation = made["createWorkRelation"]["workRelation"]
    assert (relation["status"], relation["version"], relation["right"]) == ("ACTIVE", 1, None)

    given = {"workRelationId": relation["id"], "roles": ["USER"], "reason": "Nieuw op de werf"}
    granted = await execute_operation(who, steps["GrantAccessRight"].document, input=given)
    right = granted.data["grantAccessRight"]["right"]
    assert (right["roles"], right["active"], right["workRelation"]["right"]["id"]) == (["USER"], True, right["id"])

    given = {"id": right["id"], "version": 1, "roles": ["USER", "ADMINISTRATOR"], "reason": "Vervangt de beheerder"}
    changed = await execute_operation(who, steps["ChangeAccessRight"].document, input=given)
    right = changed.data["changeAccessRight"]["right"]
    assert right["roles"] == ["ADMINISTRATOR", "USER"]
    administrators = {one["user"]["id"] for one in right["workRelation"]["organisation"]["administrators"]}
    assert relation["user"]["id"] in administrators

    given = {"id": right["id"], "version": 2, "reason": "Andere functie"}
    revoked = await execute_operation(who, steps["RevokeAccessRight"].document, input=given)
    right = revoked.data["revokeAccessRight"]["right"]
    assert (right["active"], right["workRelation"]["right"]) == (False, None)

    given = {"id": relation["id"], "version": 1, "on": relation["validFrom"], "reason": "Begint toch niet"}
    ended = await execute_operation(who, steps["EndWorkRelation"].document, input=given)
    assert ended.data["endWorkRelation"]["workRelation"]["validUntil"] == relation["validFrom"]
