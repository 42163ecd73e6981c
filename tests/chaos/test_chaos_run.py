"""No mail is lost under faults: in a short chaos run, and in the long one of `make chaos`, which prints a summary."""

import os
from pathlib import Path

import pytest

from tests.chaos.chaos_run import Plan, run_chaos
from tests.conftest import Environment

SHORT = Plan(
    events=80,
    kills=2,
    stops=1,
    flushes=1,
    queue_kills=1,
    queue_freezes=0,
    worker_freezes=0,
    database_restarts=1,
    clock_jumps=1,
    lease=4,
    shuffled=False,
    workers=2,
)
LONG = Plan(
    events=1700,
    # Each of the eight phases in turn: at least two kills and one stop.
    kills=20,
    stops=8,
    flushes=3,
    queue_kills=4,
    queue_freezes=2,
    worker_freezes=2,
    database_restarts=4,
    clock_jumps=4,
    timeout=1500,
    seed=int(os.environ.get("CHAOS_SEED", "1")),
)


async def test_no_mail_is_lost_under_faults(folder: Path, environment: Environment) -> None:
    result, summary = await run_chaos(SHORT, folder, environment)
    assert result.broken == {}, summary
    assert result.mails >= SHORT.events
    assert "2 SIGKILL, 1 SIGTERM, 1 FLUSHALL, 1 queue restarted empty, 1 database restarted, 1 clock jump" in summary


@pytest.mark.skipif("CHAOS" not in os.environ, reason="`make chaos` runs it.")
@pytest.mark.timeout(1800)
async def test_no_mail_is_lost_in_a_long_run(
    folder: Path, environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    result, summary = await run_chaos(LONG, folder, environment)
    with capsys.disabled():
        print(f"\n{summary}")  # noqa: T201  # the output of `make chaos`
    assert result.broken == {}
    assert result.mails >= 2000
    assert "20 SIGKILL" in summary
    assert "3 FLUSHALL" in summary
