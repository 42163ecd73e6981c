"""No request fails while a stack is used and restarted: for a moment, or for the duration given to `make soak`."""

import os
from pathlib import Path

import pytest

from tests.chaos.soak import soak, summary
from tests.conftest import Environment

SECONDS = float(os.environ.get("SECONDS", "60"))
PHASES = 4


async def test_no_request_fails_while_processes_and_servers_restart(folder: Path, environment: Environment) -> None:
    run, result = await soak(folder, environment, 0.5, short=True)

    assert run.clients.failures == [], summary(run, result)
    assert result.broken == {}, summary(run, result)
    assert run.restarts >= 2
    assert result.mails >= len(run.clients.load.committed) > 0
    assert run.clients.events["next"] > 0


@pytest.mark.skipif("SOAK" not in os.environ, reason="`make soak` runs it.")
@pytest.mark.timeout(SECONDS * 2 + 300)
async def test_no_request_fails_in_a_long_soak(
    folder: Path, environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    run, result = await soak(folder, environment, SECONDS / PHASES)
    with capsys.disabled():
        print(f"\n{summary(run, result)}")  # noqa: T201  # the output of `make soak`
    assert run.clients.failures == []
    assert result.broken == {}
