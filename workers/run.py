"""The worker process: the doorbell's listener and the sweep side by side, until it is told to stop."""

import asyncio
import signal
from typing import Final

import structlog
import uvloop
from arq.worker import Worker, create_worker
from redis.exceptions import RedisError

from domain.database import close_database, open_database
from settings import Settings, settings
from workers.logs import configure_logging
from workers.mailroom import Mailroom
from workers.settings import WorkerSettings, redis_settings
from workers.sweep import sweep_for_ever

log = structlog.get_logger()

LISTEN_AGAIN_AFTER: Final = 1.0
"""Seconds between two attempts to reach a queue that is away; the sweep goes on meanwhile."""


def run_worker() -> None:
    """Runs until SIGTERM or SIGINT, then finishes the mails in hand and returns."""
    configure_logging()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(settings()))


async def work(given: Settings) -> None:
    """Delivers the outbox until this process is told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await open_database(str(given.database_url), pool=given.database_pool)
    mailroom = Mailroom(given)
    tasks = [asyncio.create_task(sweep_for_ever(mailroom)), asyncio.create_task(listen_for_ever(mailroom, given))]
    log.info("worker_started")
    try:
        await stop.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await mailroom.close()
        await close_database()
        log.info("worker_stopped")


async def listen_for_ever(mailroom: Mailroom, given: Settings) -> None:
    """Answers the doorbell until it is cancelled; a queue that is away is waited for."""
    away = False
    while True:
        worker = create_worker(
            WorkerSettings,  # type: ignore[arg-type]  # arq's type asks for attributes that it does without
            redis_settings=redis_settings(str(given.redis_url)),
            ctx={"mailroom": mailroom},
        )
        try:
            await _listen(worker)
        except (RedisError, OSError):
            if not away:
                log.warning("queue_away", exc_info=True)
            away = True
        await asyncio.sleep(LISTEN_AGAIN_AFTER)


async def _listen(worker: Worker) -> None:
    try:
        await worker.async_run()
    finally:
        # The mailroom's own tasks go on with what these jobs asked for.
        for job in worker.tasks.values():
            job.cancel()
        await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
        if worker.pool is not None:
            await worker.pool.aclose(close_connection_pool=True)
