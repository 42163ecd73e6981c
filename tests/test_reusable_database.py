"""Each test gets a database equal to the template, whatever the previous one did to it."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from tests.reusable_database import MAX_USES, ReusableDatabase
from tests.servers import TEST_LOGIN, Servers

WRITE = """insert into organisation (enterprise_number, name, kind)
  values ('0123456749', 'Weg en Water', 'ENTERPRISE') returning id"""
COUNT = "select count(*) from organisation"


@pytest.fixture
def reusable_database(servers: Servers, template: str, worker_id: str) -> Iterator[ReusableDatabase]:
    database = ReusableDatabase(servers, template, f"reusable_{worker_id}")
    yield database
    database.close()


def fetch_value(database: ReusableDatabase, name: str, statement: str, user: str | None = None) -> object:
    """The value that one statement returns."""

    async def fetch() -> object:
        postgres = database.servers.postgres
        connection = await asyncpg.connect(postgres.url(name, user) if user else postgres.url(name))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def test_rows_are_deleted_and_sequences_restart_for_the_next_test(reusable_database: ReusableDatabase):
    first = reusable_database.acquire()
    first_id = fetch_value(reusable_database, first, WRITE, TEST_LOGIN)
    reusable_database.release()
    second = reusable_database.acquire()
    assert second == first
    assert fetch_value(reusable_database, second, COUNT) == 0
    assert fetch_value(reusable_database, second, WRITE, TEST_LOGIN) == first_id == 1


def test_sequences_restart_where_no_row_was_written(reusable_database: ReusableDatabase):
    name = reusable_database.acquire()
    fetch_value(reusable_database, name, "select nextval(pg_get_serial_sequence('organisation', 'id'))")
    reusable_database.release()
    assert fetch_value(reusable_database, reusable_database.acquire(), WRITE, TEST_LOGIN) == 1


@pytest.mark.parametrize(
    "change",
    [
        "create table left_behind (id int)",
        "alter table organisation disable trigger all",
        "grant delete on organisation to public",
        "truncate trusted_document",
        "analyze theme",
        "update theme set code = code",
        "do $$ begin execute format('alter database %I set work_mem = 64', current_database()); end $$",
        "do $$ begin execute format('alter database %I connection limit 9', current_database()); end $$",
    ],
)
def test_a_change_to_more_than_rows_gives_the_next_test_a_new_copy(reusable_database: ReusableDatabase, change: str):
    first = reusable_database.acquire()
    fetch_value(reusable_database, first, change)
    reusable_database.release()
    assert reusable_database.acquire() != first


def test_other_connections_are_terminated(reusable_database: ReusableDatabase):
    async def stay_connected() -> bool:
        connection = await asyncpg.connect(reusable_database.servers.postgres.url(name))
        await connection.execute(f"begin; {WRITE}")
        await asyncio.to_thread(reusable_database.release)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await connection.fetchval(COUNT)
        was_closed: bool = connection.is_closed()
        connection.terminate()
        return was_closed

    name = reusable_database.acquire()
    assert asyncio.run(stay_connected())
    assert reusable_database.acquire() == name
    assert fetch_value(reusable_database, name, COUNT) == 0


def test_after_many_tests_there_is_a_new_copy(reusable_database: ReusableDatabase):
    names = []
    for _ in range(MAX_USES + 1):
        names.append(reusable_database.acquire())
        reusable_database.release()
    assert len(set(names[:-1])) == 1
    assert names[-1] != names[0]
