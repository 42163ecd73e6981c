"""The screens about adding people, self-registration and tasks, as GraphiQL offers them, on the demo's own data."""

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
from registers.lifespan import open_registers
from settings import settings
from tests import rows
from tests.gql.execution import execute_operation
from tests.prepared_databases import PreparedDatabases
from tests.table_contents import assert_tables_unchanged

SCREENS = ("09", "13", "14", "15")
MANAGERS = ("legal", "main-manager", "manager")
OTHERS = ("admin", "sender", "drafter", "reader", "specific", "colleague", "outsider")
REFUSED = {"NOT_FOUND", "FORBIDDEN"}


@pytest.fixture(autouse=True)
async def demo(prepared_databases: PreparedDatabases) -> AsyncIterator[None]:
    """The demo's data in this test's own database, with its registers."""
    async with prepared_databases.open("demo", load_demo_data), open_registers(settings()):
        yield


async def actor(key: str) -> Actor:
    found = persona(key)
    assert found is not None
    return Actor(user_id=(await User.get(has_number(found.national_number))).id)


def offered() -> list[Example]:
    """What is answered once; what a subscription tells has tests of its own."""
    found = [example for example in examples() if example.screen.startswith(SCREENS)]
    return [example for example in found if not example.document.startswith("subscription")]


async def run(example: Example, who: Actor) -> tuple[dict[str, Any], list[str]]:
    """The data with the example's own values, and the codes of what was refused."""
    answer = await execute_operation(
        who, example.document, **values_for(example.name, example.variables, await samples_for(who))
    )
    assert answer.errors == [], example.name
    payloads = [value for value in answer.data.values() if isinstance(value, dict) and "errors" in value]
    return answer.data, [error["code"] for payload in payloads for error in payload["errors"]]


async def test_every_operation_of_the_screens_is_offered():
    assert {example.name for example in offered()} >= {
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


@pytest.mark.parametrize("key", MANAGERS)
async def test_each_example_works_as_it_stands_for_an_access_manager(key: str):
    who = await actor(key)
    # The approval takes the only open request that somebody else made.
    for example in offered():
        data, codes = await run(example, who)
        expected = ["NOT_FOUND"] if example.name == "RejectSelfRegistration" else []
        assert codes == expected, example.name
        assert expected or all(value is not None for value in data.values()), example.name


@pytest.mark.parametrize("key", OTHERS)
async def test_everyone_else_is_refused_what_is_for_access_managers(key: str):
    who = await actor(key)
    for example in offered():
        if example.name in {"AddPerson", "LookUpPerson", "ApproveSelfRegistration", "RejectSelfRegistration"}:
            async with assert_tables_unchanged():
                _, codes = await run(example, who)
            assert set(codes) <= REFUSED, example.name
            assert codes, example.name
        elif example.name == "SelfRegistrationLinks":
            data, _ = await run(example, who)
            assert set(data["organisation"]) - {"id"} == {"both", "administrator", "user", "own"}
            assert all(data["organisation"][name] is None for name in ("both", "administrator", "user", "own"))


async def test_a_newcomer_is_offered_the_page_behind_a_link_and_the_request():
    newcomer = persona("newcomer")
    assert newcomer
    who = Actor(user_id=(await rows.a_user(national_number=newcomer.national_number)).id)
    steps = {example.name: example for example in offered()}
    page, _ = await run(steps["SelfRegistrationPage"], who)
    form = {"organisationName": "Wegenbouw Scheldeland nv", "roles": ["USER"], "mustChoose": False, "errors": []}
    assert page["selfRegistrationForm"] == form
    asked, codes = await run(steps["RequestSelfRegistration"], who)
    assert (codes, asked["requestSelfRegistration"]["task"]["status"]) == ([], "OPEN")
