"""The worker process: the doorbell's listener, the sweep and the chores side by side, until it is told to stop."""

import asyncio
import signal
from collections.abc import Coroutine, Iterable
from typing import Final

import structlog
import uvloop

from domain.database.connection import close_database, open_database
from logs import configure_logging
from observing.exposition import exposed
from observing.tracing import traced
from settings import Settings, settings
from workers.chores import do_chores_for_ever
from workers.listen import Listener
from workers.mailroom import Mailroom
from workers.metrics import WORKER
from workers.outbox.state import tell_outbox_for_ever
from workers.sweep import sweep_for_ever
from workers.timetable import CHORES

log = structlog.get_logger()

PUTTING_DOWN: Final = 1.0
"""Seconds that the queue is given to take leave: a frozen one must not keep the worker."""


def run_worker() -> None:
    """Runs until SIGTERM or SIGINT, then finishes the mails in hand and returns."""
    configure_logging()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(settings()))


async def work(configuration: Settings) -> None:
    """Delivers the outbox, and does what time brings about, until this process is told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await open_database(str(configuration.database_url), pool_size=configuration.database_pool)
    mailroom = Mailroom(configuration)
    listener = Listener(mailroom, str(configuration.redis_url))
    duties = (
        sweep_for_ever(mailroom),
        listener.listen_for_ever(),
        do_chores_for_ever(CHORES, configuration),
        tell_outbox_for_ever(),
    )
    try:
        async with traced(configuration, "worker"), exposed(configuration, WORKER):
            try:
                await _work_until(stop, duties)
            finally:
                # The mails in hand are traced and counted like all others.
                await mailroom.close()
    finally:
        await close_database()
        log.info("worker_stopped")


async def _work_until(stop: asyncio.Event, duties: Iterable[Coroutine[None, None, None]]) -> None:
    """Does all duties side by side, which none ends by itself: where one does, a new process is to do them anew.

    Raises:
        SystemExit: A duty has ended; the log tells which, and why.
    """
    stopped, tasks = asyncio.create_task(stop.wait()), [asyncio.create_task(duty) for duty in duties]
    log.info("worker_started")
    try:
        ended, _ = await asyncio.wait((stopped, *tasks), return_when=asyncio.FIRST_COMPLETED)
        if stopped not in ended:
            failed = ended.pop()
            cause = None if failed.cancelled() else failed.exception()
            log.critical("duty_ended", duty=getattr(failed.get_coro(), "__name__", None), exc_info=cause)
            raise SystemExit(1)
    finally:
        for task in (stopped, *tasks):
            task.cancel()
        await asyncio.wait(tasks, timeout=PUTTING_DOWN)
