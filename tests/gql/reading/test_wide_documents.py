"""Wide documents: a statement that would be too long is not sent to PostgreSQL."""

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
GENERIC_PLANS = "select array_agg(generic_plans) from pg_prepared_statements where statement = $1"
DRIVER_MAX_CHARACTERS = 15_360
"""The length of the longest statement that asyncpg caches as prepared by default."""

ExecuteWide = Callable[[int, int], Awaitable[list[Execution]]]


def document(roots: int, times: int) -> str:
    """Selects the subject of an audit entry, which may be of any type, so many times below each root field."""
    subjects = " ".join(f"s{number}: subject {{ ... on Organisation {{ name }} }}" for number in range(times))
    fields = " ".join(f"r{number}: node(id: $id) {{ ...Subjects }}" for number in range(roots))
    return f"query Wide($id: ID!) {{ {fields} }} fragment Subjects on AuditEntry {{ {subjects} }}"


@pytest.fixture
async def execute_wide() -> ExecuteWide:
    """Executes the document three times about an entry on an organisation, as its administrator."""
    organisation = await rows.an_organisation(name="Aarde")
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    subject = {"subject_type": "Organisation", "subject_id": organisation.id}
    entry = await AuditEntry.create(organisation=organisation, action="EMAIL_SET", **subject)

    async def execute_three_times(roots: int, times: int) -> list[Execution]:
        variables = {"id": global_id("AuditEntry", entry.id)}
        return [await execute(person(administrator.user_id), document(roots, times), **variables) for _ in range(3)]

    return execute_three_times


def expected_data(roots: int, times: int) -> dict[str, Any]:
    return {f"r{root}": {f"s{number}": {"name": "Aarde"} for number in range(times)} for root in range(roots)}


def engine_statements(calls: list[tuple[Any, ...]]) -> list[str]:
    """The engine's statements among the recorded calls."""
    return [statement for statement, *_ in calls if statement.startswith("with l0 as ")]


async def test_a_statement_with_too_many_columns_is_left_to_the_executor(execute_wide: ExecuteWide):
    # Each subject is a level for each type, and each level has at least one column: more than PostgreSQL's 1,664.
    with recorded_statements() as calls:
        executions = await execute_wide(10, 9)

    assert [execution.fallback for execution in executions] == ["first sight", "long statement", "long statement"]
    assert [execution.data for execution in executions] == [expected_data(10, 9)] * 3
    assert engine_statements(calls) == []


async def test_a_long_statement_is_cached_as_prepared(execute_wide: ExecuteWide):
    with recorded_statements() as calls:
        executions = await execute_wide(1, 2)

    assert [execution.fallback for execution in executions] == ["first sight", None, None]
    assert [execution.data for execution in executions] == [expected_data(1, 2)] * 3
    statement, repeated = engine_statements(calls)
    assert statement == repeated
    assert len(statement) > DRIVER_MAX_CHARACTERS
    pool = read_pool()
    assert pool
    assert list(await pool.fetchrow(GENERIC_PLANS, statement)) == [[2]]
