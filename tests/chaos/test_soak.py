"""Nothing fails while a stack is used and restarted: for a moment, or for as long as `make soak` is told."""

import os
from pathlib import Path

import pytest

from tests.chaos.soak import figures, soak
from tests.conftest import Environment

SECONDS = float(os.environ.get("SECONDS", "60"))
PHASES = 4


async def test_nothing_fails_while_processes_and_servers_come_and_go(folder: Path, environment: Environment) -> None:
    going_on, found = await soak(folder, environment, 0.5, short=True)
    told = figures(going_on, found)

    assert going_on.clients.failures == [], told
    assert found.broken == {}, told
    assert going_on.restarts >= 2
    assert found.mails >= len(going_on.clients.load.committed) > 0
    assert going_on.clients.events["next"] > 0


@pytest.mark.skipif("SOAK" not in os.environ, reason="`make soak` runs it.")
@pytest.mark.timeout(SECONDS * 2 + 300)
async def test_nothing_fails_in_a_long_soak(
    folder: Path, environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    going_on, found = await soak(folder, environment, SECONDS / PHASES)
    with capsys.disabled():
        print(f"\n{figures(going_on, found)}")  # noqa: T201  # what `make soak` is asked for
    assert going_on.clients.failures == []
    assert found.broken == {}
