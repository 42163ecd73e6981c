"""The worker process: runs the queue's listener, the sweep and the chores concurrently, until it receives a signal."""

import asyncio
import signal
from collections.abc import Coroutine, Iterable
from typing import Final

import structlog
import uvloop

from domain.database.connection import close_database, open_database
from logs import configure_logging
from observing.exposition import serve_metrics
from observing.tracing import process_tracing
from settings import Settings, settings
from workers.chore_schedule import CHORES
from workers.chores import run_chores_forever
from workers.dispatcher import Dispatcher
from workers.metrics import WORKER_REGISTRY
from workers.outbox.queue_metrics import update_queue_metrics_forever
from workers.queue_listener import QueueListener
from workers.sweep import sweep_forever

log = structlog.get_logger()

CANCEL_TIMEOUT: Final = 1.0
"""Seconds for cancelled duties to end; a frozen queue must not prevent the worker from stopping."""


def run_worker() -> None:
    """Runs a worker until SIGTERM or SIGINT, then finishes the mails being sent and returns."""
    configure_logging()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_until_signalled(settings()))


async def run_until_signalled(configuration: Settings) -> None:
    """Delivers the outbox and runs the chores, until this process receives SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await open_database(str(configuration.database_url), pool_size=configuration.database_pool)
    dispatcher = Dispatcher(configuration)
    listener = QueueListener(dispatcher, str(configuration.redis_url))
    duties = (
        sweep_forever(dispatcher),
        listener.listen_forever(),
        run_chores_forever(CHORES, configuration),
        update_queue_metrics_forever(),
    )
    try:
        async with process_tracing(configuration, "worker"), serve_metrics(configuration, WORKER_REGISTRY):
            try:
                await _run_duties(stop, duties)
            finally:
                # The mails being sent are traced and counted like all others.
                await dispatcher.close()
    finally:
        await close_database()
        log.info("worker_stopped")


async def _run_duties(stop: asyncio.Event, duties: Iterable[Coroutine[None, None, None]]) -> None:
    """Runs all duties concurrently until `stop` is set. They never end by themselves; if one does, the process exits.

    Raises:
        SystemExit: A duty has ended; the log has its name and the error.
    """
    stopping = asyncio.create_task(stop.wait())
    tasks = [asyncio.create_task(duty) for duty in duties]
    log.info("worker_started")
    try:
        done, _ = await asyncio.wait((stopping, *tasks), return_when=asyncio.FIRST_COMPLETED)
        if stopping not in done:
            failed = done.pop()
            cause = None if failed.cancelled() else failed.exception()
            log.critical("duty_ended", duty=getattr(failed.get_coro(), "__name__", None), exc_info=cause)
            raise SystemExit(1)
    finally:
        for task in (stopping, *tasks):
            task.cancel()
        await asyncio.wait(tasks, timeout=CANCEL_TIMEOUT)
