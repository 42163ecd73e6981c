"""The screens of the manual's wizards about access, as GraphiQL offers them, on the demo's data."""

from collections.abc import AsyncIterator

import pytest

from gql.explorer.examples import Example
from gql.explorer.values import samples_for, values_for
from local.demo_data.load import load_demo_data
from tests.gql.demo_screens import ACCESS_MANAGERS, OTHER_PEOPLE, actor_of, examples_of_screens, execute_example
from tests.gql.execution import execute_operation
from tests.prepared_databases import PreparedDatabases
from tests.table_contents import assert_tables_unchanged

EXAMPLES = examples_of_screens("10", "11", "12")
FOR_APPOINTERS = {"AppointAccessManager": "FORBIDDEN", "DismissAccessManager": "NOT_FOUND"}
"""What only legal representatives and the main access manager may do, with the refusal to an access manager."""


@pytest.fixture(autouse=True)
async def demo(prepared_databases: PreparedDatabases) -> AsyncIterator[None]:
    """The demo's data in this test's own database."""
    async with prepared_databases.open("demo", load_demo_data):
        yield


async def test_every_operation_of_the_screens_is_an_example():
    names = {example.name for example in EXAMPLES}
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


@pytest.mark.parametrize("key", ACCESS_MANAGERS)
async def test_each_example_works_unchanged_for_an_access_manager(key: str):
    actor = await actor_of(key)
    for example in EXAMPLES:
        data, codes = await execute_example(example, actor)
        if key == "manager" and example.name in FOR_APPOINTERS:
            assert codes == [FOR_APPOINTERS[example.name]]
        else:
            assert codes == [], example.name
            assert all(value is not None for value in data.values()), example.name


@pytest.mark.parametrize("key", OTHER_PEOPLE)
async def test_nobody_else_may_execute_the_mutations_of_the_examples(key: str):
    actor, manager = await actor_of(key), await actor_of("legal")
    samples = await samples_for(manager)
    for example in EXAMPLES:
        if not example.document.startswith("mutation"):
            continue
        variables = values_for(example.name, example.variables, samples)
        async with assert_tables_unchanged():
            result = await execute_operation(actor, example.document, **variables)
        [payload] = result.data.values()
        assert [error["code"] for error in payload["errors"]] == [expected_code(key, example)], example.name


def expected_code(key: str, example: Example) -> str:
    """FORBIDDEN on what the person sees: an administrator all of it, a user their organisation."""
    names_organisation = example.name in {"CreateWorkRelation", "AppointAccessManager"}
    is_visible = key == "admin" or (names_organisation and key != "outsider")
    return "FORBIDDEN" if is_visible else "NOT_FOUND"


async def test_administrators_are_those_with_the_role_and_the_legal_representatives():
    document = "{ viewer { organisations { organisation { administrators { user { fullName } } } } } }"
    result = await execute_operation(await actor_of("sender"), document)
    [access] = result.data["viewer"]["organisations"]
    names = [administrator["user"]["fullName"] for administrator in access["organisation"]["administrators"]]
    assert names == ["Marleen Jacobs", "Luc Peeters", "Hilde Vandenbroucke", "Bart Wouters"]


async def test_the_wizard_step_by_step():
    """Work relation, right, change, revocation, end: each step uses the payload of the one before."""
    actor = await actor_of("manager")
    examples_by_name = {example.name: example for example in EXAMPLES}
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
