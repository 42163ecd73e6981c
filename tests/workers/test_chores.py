"""Chores: what a worker does periodically beside the sweep."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from domain.database.privileges import DatabaseRole
from domain.models import Action
from settings import Settings, settings
from tests import rows
from tests.access_cast import Cast, cast
from tests.database_roles import as_database_role
from tests.domain.naive.fixtures import RandomWorld, a_random_world
from tests.domain.rules.team import a_team
from tests.prepared_databases import prepared_databases
from tests.stores import FolderStore
from tests.time_travel import travel_to
from tests.workers.events import eventually
from tests.workers.processes import a_worker
from workers.chore_schedule import CHORES
from workers.chores import Chore, run_chores_forever

__all__ = ["a_random_world", "cast", "prepared_databases"]

SHORT_INTERVAL = 0.01
NOTHING_TO_DO = ("route_undelivered", "erase_addresses", "give_up_uploads", "drop_unnamed_objects")
"""The chores for which the random organisations have no work."""


@asynccontextmanager
async def running(*chores: Chore) -> AsyncIterator[None]:
    """Runs the chores until the block ends."""
    task = asyncio.create_task(run_chores_forever(chores, settings()))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def recording(runs: list[Settings], results: Sequence[int | Exception] = ()) -> Callable[[Settings], Awaitable[int]]:
    """A chore that appends its settings to `runs`, and returns or raises these results, then 0."""
    remaining = list(results)

    async def run(configuration: Settings) -> int:
        runs.append(configuration)
        result = remaining.pop(0) if remaining else 0
        if isinstance(result, Exception):
            raise result
        return result

    return run


@pytest.mark.usefixtures("environment")
async def test_a_chore_is_repeated_at_once_until_it_has_nothing_left_to_do() -> None:
    runs: list[Settings] = []
    with structlog.testing.capture_logs() as logs:
        async with running(Chore("counting", 3600, recording(runs, [50, 7]))):
            await eventually(lambda: len(runs) == 3)
    assert runs == [settings()] * 3
    assert [(line["event"], line["chore"], line["count"]) for line in logs] == [
        ("chore_done", "counting", 50),
        ("chore_done", "counting", 7),
    ]


@pytest.mark.usefixtures("environment")
async def test_each_chore_runs_at_its_own_interval() -> None:
    frequent: list[Settings] = []
    infrequent: list[Settings] = []
    async with running(
        Chore("frequent", SHORT_INTERVAL, recording(frequent)), Chore("infrequent", 3600, recording(infrequent))
    ):
        await eventually(lambda: len(frequent) >= 3)
    assert len(infrequent) == 1


@pytest.mark.usefixtures("environment")
async def test_a_chore_that_fails_is_logged_once_and_retried_and_stops_no_other() -> None:
    failing: list[Settings] = []
    other: list[Settings] = []
    errors = [ConnectionError("away"), ConnectionError("still away")]
    with structlog.testing.capture_logs() as logs:
        async with running(
            Chore("failing", SHORT_INTERVAL, recording(failing, errors)),
            Chore("other", SHORT_INTERVAL, recording(other)),
        ):
            await eventually(lambda: len(failing) >= 4 and len(other) >= 4)
    assert [(line["chore"], line["event"], line["log_level"]) for line in logs] == [
        ("failing", "chore_failed", "error"),
        ("failing", "chore_recovered", "info"),
    ]


@pytest.mark.usefixtures("environment")
async def test_each_run_of_a_chore_has_a_context_of_its_own() -> None:
    is_set: ContextVar[bool] = ContextVar("is_set", default=False)
    values_at_start = []

    async def set_and_fail(_settings: Settings) -> int:
        values_at_start.append(is_set.get())
        is_set.set(True)
        raise OSError("The database went away.")

    async with running(Chore("failing", SHORT_INTERVAL, set_and_fail)):
        await eventually(lambda: len(values_at_start) >= 2)
    assert set(values_at_start) == {False}


@pytest.mark.usefixtures("environment")
async def test_a_chore_that_hangs_holds_up_no_other() -> None:
    other: list[Settings] = []

    async def hang(_settings: Settings) -> int:
        await asyncio.Event().wait()
        return 0

    async with running(Chore("hanging", SHORT_INTERVAL, hang), Chore("other", SHORT_INTERVAL, recording(other))):
        await eventually(lambda: len(other) >= 3)


async def test_the_worker_runs_its_chores_without_a_queue_and_a_mail_server(cast: Cast, tmp_path: Path) -> None:
    team = await a_team(cast)
    await travel_to(await rows.today() + timedelta(days=101))

    async def is_open() -> bool:
        return (await Action.get(id=team.action.id)).status == "OPEN"

    async with a_worker(tmp_path) as worker:
        await eventually(is_open)
        await eventually(lambda: worker.has_logged("chore_done"))
    [done] = [line for line in worker.events if line["event"] == "chore_done"]
    assert (done["chore"], done["count"]) == ("release_actions_lost_by_time", 1)


@pytest.mark.parametrize("chore", CHORES, ids=lambda chore: chore.name)
async def test_each_chore_runs_with_the_privileges_of_the_worker(
    chore: Chore, a_random_world: RandomWorld, folder_store: FolderStore
) -> None:
    """It is run on random organisations, sixty days later, when most periods have ended."""
    assert folder_store
    await travel_to(a_random_world.world.today + timedelta(days=60))
    async with as_database_role(DatabaseRole.WORKER):
        count = await chore.run(settings())

    assert (count == 0) == (chore.name in NOTHING_TO_DO)
