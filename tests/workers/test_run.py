"""The worker's duties run together: when one ends, the process ends."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from structlog.testing import capture_logs

from workers.run import _run_duties


async def failing_duty() -> None:
    raise ZeroDivisionError


async def cancelled_duty() -> None:
    raise asyncio.CancelledError


async def endless_duty(cancelled: asyncio.Event) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        cancelled.set()


@pytest.mark.parametrize("duty", [failing_duty, cancelled_duty])
async def test_a_duty_that_ends_cancels_the_others_and_ends_the_process(
    duty: Callable[[], Coroutine[None, None, None]],
) -> None:
    cancelled = asyncio.Event()

    with capture_logs() as logs, pytest.raises(SystemExit) as raised:
        await _run_duties(asyncio.Event(), [endless_duty(cancelled), duty()])

    assert raised.value.code == 1
    assert cancelled.is_set()
    assert [(line["event"], line["duty"]) for line in logs if line["log_level"] == "critical"] == [
        ("duty_ended", duty.__name__)
    ]


async def test_a_stop_cancels_the_duties_and_returns() -> None:
    stop, cancelled = asyncio.Event(), asyncio.Event()
    stop.set()

    await _run_duties(stop, [endless_duty(cancelled)])

    assert cancelled.is_set()
