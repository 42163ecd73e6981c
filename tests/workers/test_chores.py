"""What a worker does now and then beside the sweep."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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
from tests.domain.naive.fixtures import RandomWorld, a_random_world
from tests.domain.rules.team import a_team
from tests.owner import as_program
from tests.prepared import prepared
from tests.stores import Folder
from tests.time_travel import it_is
from tests.workers.events import eventually
from tests.workers.processes import a_worker
from workers.chore_schedule import CHORES
from workers.chores import Chore, run_chores_forever

__all__ = ["a_random_world", "cast", "prepared"]

SOON = 0.01
NOTHING_TO_DO = ("route_undelivered", "erase_addresses", "give_up_uploads", "drop_unnamed_objects")
"""The chores for which the random organisations hold nothing."""


@asynccontextmanager
async def doing(*chores: Chore) -> AsyncIterator[None]:
    """The chores are being done until the block ends."""
    running = asyncio.create_task(run_chores_forever(chores, settings()))
    yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def counting(answers: list[int | Exception], seen: list[Settings]) -> Callable[[Settings], Awaitable[int]]:
    """A chore that answers these one after another, and in the end that there is nothing left to do."""

    async def do(given: Settings) -> int:
        seen.append(given)
        answer = answers.pop(0) if answers else 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    return do


@pytest.mark.usefixtures("environment")
async def test_a_chore_is_asked_again_at_once_until_nothing_is_left_to_do() -> None:
    seen: list[Settings] = []
    with structlog.testing.capture_logs() as logs:
        async with doing(Chore("counting", 3600, counting([50, 7], seen))):
            await eventually(lambda: len(seen) == 3)
    assert seen == [settings()] * 3
    assert [(line["event"], line["chore"], line["count"]) for line in logs] == [
        ("chore_done", "counting", 50),
        ("chore_done", "counting", 7),
    ]


@pytest.mark.usefixtures("environment")
async def test_a_chore_comes_round_at_its_own_pace() -> None:
    often: list[Settings] = []
    seldom: list[Settings] = []
    async with doing(Chore("often", SOON, counting([], often)), Chore("seldom", 3600, counting([], seldom))):
        await eventually(lambda: len(often) >= 3)
    assert len(seldom) == 1


@pytest.mark.usefixtures("environment")
async def test_one_that_fails_stops_no_other_is_told_once_and_tried_again() -> None:
    failing: list[Settings] = []
    other: list[Settings] = []
    away: list[int | Exception] = [ConnectionError("away"), ConnectionError("still away")]
    with structlog.testing.capture_logs() as logs:
        async with doing(Chore("failing", SOON, counting(away, failing)), Chore("other", SOON, counting([], other))):
            await eventually(lambda: len(failing) >= 4 and len(other) >= 4)
    told = [(line["event"], line["log_level"]) for line in logs if line["chore"] == "failing"]
    assert told == [("chore_failed", "error"), ("chore_recovered", "info")]
    assert not [line for line in logs if line["chore"] == "other"]


@pytest.mark.usefixtures("environment")
async def test_what_one_turn_leaves_behind_in_its_context_is_not_there_in_the_next() -> None:
    left: ContextVar[bool] = ContextVar("left", default=False)
    seen = []

    async def leaving(_settings: Settings) -> int:
        seen.append(left.get())
        left.set(True)
        raise OSError("The database went away.")

    async with doing(Chore("leaving", SOON, leaving)):
        await eventually(lambda: len(seen) >= 2)
    assert set(seen) == {False}


@pytest.mark.usefixtures("environment")
async def test_one_that_hangs_holds_up_no_other() -> None:
    other: list[Settings] = []

    async def hang(_given: Settings) -> int:
        await asyncio.Event().wait()
        return 0

    async with doing(Chore("hanging", SOON, hang), Chore("other", SOON, counting([], other))):
        await eventually(lambda: len(other) >= 3)


async def test_the_worker_does_its_chores_where_there_is_no_queue_and_no_mail_server(
    cast: Cast, tmp_path: Path
) -> None:
    team = await a_team(cast)
    await it_is(await rows.today() + timedelta(days=101))

    async def is_open() -> bool:
        return (await Action.get(id=team.action.id)).status == "OPEN"

    async with a_worker(tmp_path) as worker:
        await eventually(is_open)
        await eventually(lambda: worker.said("chore_done"))
    [done] = [line for line in worker.events if line["event"] == "chore_done"]
    assert (done["chore"], done["count"]) == ("release_actions_lost_by_time", 1)


@pytest.mark.parametrize("chore", CHORES, ids=lambda chore: chore.name)
async def test_each_chore_of_the_worker_is_its_own_to_do(
    chore: Chore, a_random_world: RandomWorld, folder: Folder
) -> None:
    """With the privileges of the worker's role alone, where time has ended most of what there was."""
    assert folder
    await it_is(a_random_world.world.today + timedelta(days=60))
    async with as_program(DatabaseRole.WORKER):
        done = await chore.run(settings())

    assert done > 0 or chore.name in NOTHING_TO_DO
