"""A statement timeout of PostgreSQL is reported like any timeout, on every path of an operation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from domain.database import connection, read_only_pool
from settings import settings
from tests import rows
from tests.gql.http_client import browser, only_error, post, sign_in
from tests.gql.reading.engine_execution import enable_engine

SELECTION = "{ viewer { user { givenName } } themes { name } }"


@pytest.fixture
def short_statement_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL cancels every statement after 200 ms."""
    monkeypatch.setattr(connection, "STATEMENT_TIMEOUT", "200ms")
    monkeypatch.setitem(read_only_pool.SERVER_SETTINGS, "statement_timeout", "200ms")


@asynccontextmanager
async def themes_locked() -> AsyncIterator[None]:
    """Locks the table of themes, also for readers, while the block lasts."""
    blocking = await asyncpg.connect(str(settings().migration_database_url))
    try:
        async with blocking.transaction():
            await blocking.execute("lock table theme in access exclusive mode")
            yield
    finally:
        await blocking.close()


@pytest.mark.parametrize(("name", "executed_before"), [("ByExecutor", 0), ("ByEngine", 1), ("OnFastPath", 3)], ids=str)
@pytest.mark.usefixtures("short_statement_timeout", "database")
async def test_a_statement_timeout_stops_the_operation(name: str, executed_before: int):
    document = f"query Stopped{name} {SELECTION}"
    async with enable_engine(), browser() as client:
        await sign_in(client, await rows.a_user())
        for _ in range(executed_before):
            assert (await post(client, document)).status_code == 200

        async with themes_locked():
            timed_out = await post(client, document)

        after = await post(client, document)

    error = only_error(timed_out)
    assert (timed_out.status_code, error["extensions"]["code"]) == (503, "TOO_EXPENSIVE")
    assert error["message"] == (
        "The operation took too long and was stopped: it may take 15 seconds,"
        " and the database less for any part of it. Ask for less at once."
    )
    assert error["extensions"]["requestId"] == timed_out.headers["x-request-id"]
    assert after.status_code == 200
