"""The screens about adding people, self-registration and tasks, as GraphiQL offers them, on the demo's data."""

from collections.abc import AsyncIterator

import pytest

from domain.actor import Actor
from local.demo_data.load import load_demo_data
from local.people import persona
from registers.lifespan import open_registers
from settings import settings
from tests import rows
from tests.gql.demo_screens import ACCESS_MANAGERS, OTHER_PEOPLE, actor_of, examples_of_screens, execute_example
from tests.prepared_databases import PreparedDatabases
from tests.table_contents import assert_tables_unchanged

EXAMPLES = examples_of_screens("09", "13", "14", "15")
REFUSALS = {
    "AddPerson": "FORBIDDEN",
    "LookUpPerson": "FORBIDDEN",
    "ApproveSelfRegistration": "NOT_FOUND",
    "RejectSelfRegistration": "NOT_FOUND",
}
"""The mutations that are for access managers, with the refusal to everyone else."""


@pytest.fixture(autouse=True)
async def demo(prepared_databases: PreparedDatabases) -> AsyncIterator[None]:
    """The demo's data in this test's own database, with its registers."""
    async with prepared_databases.open("demo", load_demo_data), open_registers(settings()):
        yield


async def test_every_operation_of_the_screens_is_an_example():
    assert {example.name for example in EXAMPLES} >= {
        "AddPerson",
        "LookUpPerson",
        "SelfRegistrationLinks",
        "SelfRegistrationPage",
        "RequestSelfRegistration",
        "Tasks",
        "TaskDetail",
        "ApproveSelfRegistration",
        "RejectSelfRegistration",
    }


@pytest.mark.parametrize("key", ACCESS_MANAGERS)
async def test_each_example_works_unchanged_for_an_access_manager(key: str):
    actor = await actor_of(key)
    # The approval decides the only open task of another person, so that none is left to reject.
    for example in EXAMPLES:
        data, codes = await execute_example(example, actor)
        expected = ["NOT_FOUND"] if example.name == "RejectSelfRegistration" else []
        assert codes == expected, example.name
        assert expected or all(value is not None for value in data.values()), example.name


@pytest.mark.parametrize("key", OTHER_PEOPLE)
async def test_everyone_else_is_refused_what_is_for_access_managers(key: str):
    actor = await actor_of(key)
    for example in EXAMPLES:
        if example.name in REFUSALS:
            async with assert_tables_unchanged():
                _, codes = await execute_example(example, actor)
            assert codes == [REFUSALS[example.name]], example.name
        elif example.name == "SelfRegistrationLinks":
            data, _ = await execute_example(example, actor)
            assert set(data["organisation"]) - {"id"} == {"both", "administrator", "user", "own"}
            assert all(data["organisation"][name] is None for name in ("both", "administrator", "user", "own"))


async def test_a_newcomer_reads_the_form_of_a_link_and_requests_self_registration():
    newcomer = persona("newcomer")
    assert newcomer
    actor = Actor(user_id=(await rows.a_user(national_number=newcomer.national_number)).id)
    examples_by_name = {example.name: example for example in EXAMPLES}
    page, _ = await execute_example(examples_by_name["SelfRegistrationPage"], actor)
    form = {"organisationName": "Wegenbouw Scheldeland nv", "roles": ["USER"], "mustChoose": False, "errors": []}
    assert page["selfRegistrationForm"] == form
    requested, codes = await execute_example(examples_by_name["RequestSelfRegistration"], actor)
    assert (codes, requested["requestSelfRegistration"]["task"]["status"]) == ([], "OPEN")
