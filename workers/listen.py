"""Answers the doorbell through arq, which gives up with its queue; here it is begun again."""

import asyncio
from typing import Any, Final

import structlog
from arq.worker import Worker, create_worker
from redis.exceptions import RedisError

from workers.job import WorkerSettings
from workers.mailroom import Mailroom
from workers.metrics import QUEUE_HEARD
from workers.queue import QUEUE, redis_settings

log = structlog.get_logger()

AGAIN_AFTER: Final = 1.0
"""Seconds between two attempts to reach a queue that is away; the sweep goes on meanwhile."""


class Listener:
    """Hands to a mailroom what the bell announces."""

    def __init__(self, mailroom: Mailroom, url: str) -> None:
        """Prepares to listen.

        Args:
            mailroom: Who does the work.
            url: The `redis://`, `rediss://` or `unix://` address of the queue.
        """
        self._mailroom = mailroom
        self._redis = redis_settings(url)
        self._away = False

    async def listen_for_ever(self) -> None:
        """Answers until it is cancelled; a queue that is away is waited for."""
        while True:
            try:
                await self._listen()
            except (RedisError, OSError):
                if not self._away:
                    log.warning("queue_away", exc_info=True)
                self._away = True
                QUEUE_HEARD.set(0)
            except Exception:
                log.exception("listening_failed")
            await asyncio.sleep(AGAIN_AFTER)

    async def _listen(self) -> None:
        worker = create_worker(
            WorkerSettings,  # type: ignore[arg-type]  # arq's type asks for attributes that it does without
            redis_settings=self._redis,
            ctx={"mailroom": self._mailroom},
            on_startup=self._hear,
        )
        try:
            await worker.async_run()
        except (RedisError, OSError):
            raise
        except Exception:
            # What stands in the queue can't be read, and would stop every listener again, at once and for good.
            await _forget_queue(worker)
            raise
        finally:
            await _put_down(worker)

    async def _hear(self, _context: dict[str, Any]) -> None:
        self._away = False
        QUEUE_HEARD.set(1)
        log.info("queue_answers")


async def _forget_queue(worker: Worker) -> None:
    """Empties the queue: the sweep finds what it announced."""
    if worker.pool is not None:
        await worker.pool.delete(QUEUE)
        log.warning("queue_forgotten")


async def _put_down(worker: Worker) -> None:
    """Ends its jobs and gives back its connections; the mailroom's own tasks go on with what the jobs asked for."""
    for job in worker.tasks.values():
        job.cancel()
    await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    if worker.pool is not None:
        await worker.pool.aclose(close_connection_pool=True)
