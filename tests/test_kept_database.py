"""Each test finds its database as the template is, whatever the one before did to it."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from tests.kept_database import USES, KeptDatabase
from tests.servers import ANYONE, Servers

WRITE = """insert into organisation (enterprise_number, name, kind)
  values ('0123456749', 'Weg en Water', 'ENTERPRISE') returning id"""
COUNT = "select count(*) from organisation"


@pytest.fixture
def kept(servers: Servers, template: str, worker_id: str) -> Iterator[KeptDatabase]:
    made = KeptDatabase(servers, template, f"kept_{worker_id}")
    yield made
    made.close()


def told(kept: KeptDatabase, name: str, statement: str, user: str | None = None) -> object:
    """What one statement answers there."""

    async def asked() -> object:
        address = kept.servers.postgres
        connection = await asyncpg.connect(address.url(name, user) if user else address.url(name))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(asked())


def test_rows_are_gone_for_the_next_test_and_numbers_begin_again(kept: KeptDatabase):
    first = kept.take()
    first_id = told(kept, first, WRITE, ANYONE)
    kept.give_back()
    second = kept.take()
    assert second == first
    assert told(kept, second, COUNT) == 0
    assert told(kept, second, WRITE, ANYONE) == first_id == 1


def test_numbers_begin_again_where_no_row_was_kept(kept: KeptDatabase):
    name = kept.take()
    told(kept, name, "select nextval(pg_get_serial_sequence('organisation', 'id'))")
    kept.give_back()
    assert told(kept, kept.take(), WRITE, ANYONE) == 1


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
def test_whoever_changes_more_than_rows_leaves_a_copy_to_the_next(kept: KeptDatabase, change: str):
    first = kept.take()
    told(kept, first, change)
    kept.give_back()
    assert kept.take() != first


def test_whoever_is_still_connected_is_sent_away(kept: KeptDatabase):
    async def stays() -> bool:
        connection = await asyncpg.connect(kept.servers.postgres.url(name))
        await connection.execute(f"begin; {WRITE}")
        await asyncio.to_thread(kept.give_back)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await connection.fetchval(COUNT)
        was_closed: bool = connection.is_closed()
        connection.terminate()
        return was_closed

    name = kept.take()
    assert asyncio.run(stays())
    assert kept.take() == name
    assert told(kept, name, COUNT) == 0


def test_after_many_tests_there_is_a_new_copy(kept: KeptDatabase):
    names = []
    for _ in range(USES + 1):
        names.append(kept.take())
        kept.give_back()
    assert len(set(names[:-1])) == 1
    assert names[-1] != names[0]
