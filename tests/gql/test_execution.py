"""The execution of operations that the other tests use."""

import pytest

from domain.actor import NOBODY
from domain.models import Organisation
from tests.gql.execution import captured_statements, execute_operation, machine, person, read
from tests.rows import a_person_with_right, an_authority

pytestmark = pytest.mark.usefixtures("database")
VIEWER = "{ viewer { user { id } organisations { organisation { name } roles } } }"


async def test_an_operation_is_executed_for_a_person_a_machine_client_or_nobody():
    relation, authority = await a_person_with_right(), await an_authority(name="Agentschap Wegen")

    results = [
        await execute_operation(actor, VIEWER) for actor in (person(relation.user_id), machine(authority), NOBODY)
    ]

    assert [result.errors for result in results] == [[], [], []]
    assert results[0].data["viewer"]["organisations"][0]["roles"] == ["USER"]
    of_authority = {"organisation": {"name": "Agentschap Wegen"}, "roles": []}
    assert results[1].data["viewer"] == {"user": None, "organisations": [of_authority]}
    assert results[2].data["viewer"] is None


async def test_statements_are_captured_within_the_block():
    with captured_statements() as statements:
        await Organisation.all()
        await Organisation.filter(id=1).first()
    await Organisation.all()

    assert len(statements) == 2
    assert all('FROM "organisation"' in statement for statement in statements)


async def test_a_result_has_the_statements_of_its_operation():
    relation = await a_person_with_right()

    result = await execute_operation(person(relation.user_id), "{ viewer { user { id } } }")

    assert len(result.statements) == 3  # the standing, the key of the person, the person
    assert await read(person(relation.user_id), "{ themes { code } }") == {"themes": [{"code": "INVOICING"}]}
