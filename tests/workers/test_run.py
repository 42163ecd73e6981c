"""The worker's duties: none of them ends while the others go on."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from structlog.testing import capture_logs

from workers.run import _run_duties


async def broken() -> None:
    raise ZeroDivisionError


async def cancelled() -> None:
    raise asyncio.CancelledError


async def faithful(gone: asyncio.Event) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        gone.set()


@pytest.mark.parametrize("duty", [broken, cancelled])
async def test_where_a_duty_ends_the_worker_does_and_lets_the_others_go(
    duty: Callable[[], Coroutine[None, None, None]],
) -> None:
    gone = asyncio.Event()

    with capture_logs() as log, pytest.raises(SystemExit) as ended:
        await _run_duties(asyncio.Event(), [faithful(gone), duty()])
    assert ended.value.code == 1
    assert gone.is_set()
    assert [(line["event"], line["duty"]) for line in log if line["log_level"] == "critical"] == [
        ("duty_ended", duty.__name__)
    ]


async def test_told_to_stop_it_ends_well() -> None:
    stop, gone = asyncio.Event(), asyncio.Event()
    stop.set()
    await _run_duties(stop, [faithful(gone)])
    assert gone.is_set()
