"""The demo data is loaded completely and once, on any day."""

import asyncio

import asyncpg
import pytest

from domain.models import Contract, Organisation
from local.demo_data.load import load_demo_data
from tests.rows import an_organisation, today
from tests.table_contents import read_tables
from tests.time_travel import travel_to

pytestmark = pytest.mark.usefixtures("database")


async def test_a_second_load_changes_nothing():
    assert await load_demo_data()
    before = await read_tables()
    assert not await load_demo_data()
    assert await read_tables() == before


async def test_of_two_concurrent_loads_one_loads():
    assert sorted(await asyncio.gather(load_demo_data(), load_demo_data())) == [False, True]
    assert await Contract.all().count() == 70


async def test_an_interrupted_load_leaves_nothing_and_can_be_repeated(database: str):
    before = await read_tables()
    other_connection = await asyncpg.connect(database)
    async with other_connection.transaction():
        await other_connection.execute("lock table delivery in access exclusive mode")
        load = asyncio.create_task(load_demo_data())
        await _until_locks_are_awaited(other_connection)
        load.cancel()
        with pytest.raises(asyncio.CancelledError):
            await load
    await other_connection.close()
    assert await read_tables() == before
    assert await load_demo_data()
    assert await Contract.all().count() == 70


async def _until_locks_are_awaited(connection: asyncpg.Connection) -> None:
    async with asyncio.timeout(60):
        while not await connection.fetchval("select exists (select from pg_locks where not granted)"):  # noqa: ASYNC110  # another process answers
            await asyncio.sleep(0.02)


async def test_existing_rows_stay():
    organisation = await an_organisation()
    assert await load_demo_data()
    assert await Organisation.filter(id=organisation.id).exists()


@pytest.mark.parametrize("day", ["2028-02-29", "2027-03-28", "2029-01-01"])
async def test_it_can_be_loaded_on_any_day(day: str):
    await travel_to(day)
    assert str(await today()) == day
    assert await load_demo_data()
