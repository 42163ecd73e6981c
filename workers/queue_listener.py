"""Listens to the doorbell through arq, which stops when its queue is lost; here it is started again."""

import asyncio
from typing import Any, Final

import structlog
from arq.worker import Worker, create_worker
from redis.exceptions import RedisError

from workers.dispatcher import Dispatcher
from workers.job import WorkerSettings
from workers.metrics import QUEUE_HEARD
from workers.queue import QUEUE, redis_settings

log = structlog.get_logger()

RECONNECT_DELAY: Final = 1.0
"""Seconds between two attempts to reach an unavailable queue; meanwhile, the sweep goes on."""


class QueueListener:
    """Passes what the queue announces to the dispatcher."""

    def __init__(self, dispatcher: Dispatcher, url: str) -> None:
        """Prepares to listen.

        Args:
            dispatcher: Does the work.
            url: The `redis://`, `rediss://` or `unix://` address of the queue.
        """
        self._dispatcher = dispatcher
        self._redis = redis_settings(url)
        self._is_away = False

    async def listen_forever(self) -> None:
        """Listens until it is cancelled; reconnects when the queue was unavailable."""
        while True:
            try:
                await self._listen()
            except (RedisError, OSError):
                if not self._is_away:
                    log.warning("queue_away", exc_info=True)
                self._is_away = True
                QUEUE_HEARD.set(0)
            except Exception:
                log.exception("listening_failed")
            await asyncio.sleep(RECONNECT_DELAY)

    async def _listen(self) -> None:
        worker = create_worker(
            WorkerSettings,  # type: ignore[arg-type]  # arq's type asks for attributes that it does without
            redis_settings=self._redis,
            ctx={"dispatcher": self._dispatcher},
            on_startup=self._on_connected,
        )
        try:
            await worker.async_run()
        except (RedisError, OSError):
            raise
        except Exception:
            # An entry of the queue can't be read, and would stop every listener again.
            await _clear_queue(worker)
            raise
        finally:
            await _shut_down(worker)

    async def _on_connected(self, _context: dict[str, Any]) -> None:
        self._is_away = False
        QUEUE_HEARD.set(1)
        log.info("queue_answers")


async def _clear_queue(worker: Worker) -> None:
    """Empties the queue: the sweep finds what it announced."""
    if worker.pool is not None:
        await worker.pool.delete(QUEUE)
        log.warning("queue_forgotten")


async def _shut_down(worker: Worker) -> None:
    """Cancels its jobs and closes its connections; the dispatcher's tasks, which the jobs started, go on."""
    for job in worker.tasks.values():
        job.cancel()
    await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    if worker.pool is not None:
        await worker.pool.aclose(close_connection_pool=True)
