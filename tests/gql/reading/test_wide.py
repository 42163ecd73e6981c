"""Wide documents: of those that ask for more than a statement is to hold, none comes to PostgreSQL."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from domain.database.read_queries import read_pool
from domain.models import AuditEntry, Role
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import person
from tests.gql.reading.engine_execution import Execution, execute, recorded_statements

pytestmark = pytest.mark.usefixtures("database", "enabled_engine")
KEPT = "select array_agg(generic_plans) from pg_prepared_statements where statement = $1"
UNTOLD = 15_360
"""Characters of the longest statement that the driver keeps prepared unless it is told otherwise."""

ExecuteWide = Callable[[int, int], Awaitable[list[Execution]]]


def document(roots: int, times: int) -> str:
    """Asks an entry of the log for its subject, which may be of any type: as often as said, by each root."""
    subjects = " ".join(f"s{number}: subject {{ ... on Organisation {{ name }} }}" for number in range(times))
    asked = " ".join(f"r{number}: node(id: $id) {{ ...Subjects }}" for number in range(roots))
    return f"query Wide($id: ID!) {{ {asked} }} fragment Subjects on AuditEntry {{ {subjects} }}"


@pytest.fixture
async def execute_wide() -> ExecuteWide:
    """Asks three times about an entry on an organisation, as its administrator."""
    organisation = await rows.an_organisation(name="Aarde")
    asker = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    subject = {"subject_type": "Organisation", "subject_id": organisation.id}
    entry = await AuditEntry.create(organisation=organisation, action="EMAIL_SET", **subject)

    async def asked(roots: int, times: int) -> list[Execution]:
        given = {"id": global_id("AuditEntry", entry.id)}
        return [await execute(person(asker.user_id), document(roots, times), **given) for _ in range(3)]

    return asked


def told(roots: int, times: int) -> dict[str, Any]:
    return {f"r{root}": {f"s{number}": {"name": "Aarde"} for number in range(times)} for root in range(roots)}


def wide(asked: list[tuple[Any, ...]]) -> list[str]:
    """The engine's statements among what was asked."""
    return [statement for statement, *_ in asked if statement.startswith("with l0 as ")]


async def test_what_postgresql_would_refuse_is_left_to_the_executor_untried(execute_wide: ExecuteWide):
    # Each subject is a level for each type, and each level a column at least: more than its 1,664.
    with recorded_statements() as asked:
        answers = await execute_wide(10, 9)

    assert [answer.fallback for answer in answers] == ["first sight", "long statement", "long statement"]
    assert [answer.data for answer in answers] == [told(10, 9)] * 3
    assert wide(asked) == []


async def test_a_long_statement_is_kept_prepared_as_short_ones_are(execute_wide: ExecuteWide):
    with recorded_statements() as asked:
        answers = await execute_wide(1, 2)

    assert [answer.fallback for answer in answers] == ["first sight", None, None]
    assert [answer.data for answer in answers] == [told(1, 2)] * 3
    statement, again = wide(asked)
    assert statement == again
    assert len(statement) > UNTOLD
    pool = read_pool()
    assert pool
    assert list(await pool.fetchrow(KEPT, statement)) == [[2]]
