"""The executor of operations that the other tests use."""

import pytest

from domain.actor import NOBODY
from domain.models import Organisation
from tests.gql.execution import captured_statements, execute_operation, machine, person, read
from tests.rows import a_person_with_right, an_authority

pytestmark = pytest.mark.usefixtures("database")
VIEWER = "{ viewer { user { id } organisations { organisation { name } roles } } }"


async def test_an_operation_is_asked_by_a_person_a_machine_or_nobody():
    relation, authority = await a_person_with_right(), await an_authority(name="Agentschap Wegen")

    asked = [await execute_operation(actor, VIEWER) for actor in (person(relation.user_id), machine(authority), NOBODY)]

    assert [answer.errors for answer in asked] == [[], [], []]
    assert asked[0].data["viewer"]["organisations"][0]["roles"] == ["USER"]
    own = {"organisation": {"name": "Agentschap Wegen"}, "roles": []}
    assert asked[1].data["viewer"] == {"user": None, "organisations": [own]}
    assert asked[2].data["viewer"] is None


async def test_every_statement_is_counted():
    with captured_statements() as taken:
        await Organisation.all()
        await Organisation.filter(id=1).first()
    await Organisation.all()

    assert len(taken) == 2
    assert all('FROM "organisation"' in text for text in taken)


async def test_an_answer_tells_its_statements():
    relation = await a_person_with_right()

    answer = await execute_operation(person(relation.user_id), "{ viewer { user { id } } }")

    assert len(answer.statements) == 3  # the standing, the key of the person, the person
    assert await read(person(relation.user_id), "{ themes { code } }") == {"themes": [{"code": "INVOICING"}]}
