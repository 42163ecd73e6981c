"""The doorbell of the API: puts the ids of new notifications and letters into the queue."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from arq.connections import ArqRedis, create_pool
from prometheus_client import Counter

from observing.tracing import current_traceparent
from workers.queue import JOB, QUEUE, deserialize, redis_settings, serialize

log = structlog.get_logger()

BELLS_RUNG: Final = Counter(
    "econtracting_bells_rung", "Announcements to the workers; silent ones are found by their sweep.", ("outcome",)
)
ENQUEUE_TIMEOUT: Final = 2.0
"""Seconds, longer than a healthy queue ever takes; with a frozen one, tasks must not accumulate."""


class QueueDoorbell:
    """Rings through arq's queue, in the background; the sweep finds what could not be announced.

    Attributes:
        url: A `redis://`, `rediss://` or `unix://` address.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool: ArqRedis | None = None
        self._connect_lock = asyncio.Lock()
        self._ringing: set[asyncio.Task[None]] = set()

    def ring(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Announces committed rows; returns immediately. If the queue is unavailable, their mails are only delayed."""
        task = asyncio.get_running_loop().create_task(self._enqueue(list(notification_ids), list(letter_ids)))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def close(self) -> None:
        """Waits for the announcements in flight, and closes the connections."""
        await asyncio.gather(*self._ringing)
        if self._pool is not None:
            await self._pool.aclose()

    async def _enqueue(self, notification_ids: list[int], letter_ids: list[int]) -> None:
        try:
            async with asyncio.timeout(ENQUEUE_TIMEOUT):
                queue = await self._connect()
                trace = current_traceparent()
                await queue.enqueue_job(JOB, notification_ids, letter_ids, *([trace] if trace else []))
            BELLS_RUNG.labels("heard").inc()
        except Exception as cause:  # noqa: BLE001  # whatever it is, the sweep finds what is waiting
            BELLS_RUNG.labels("silent").inc()
            log.warning(
                "doorbell_silent", notifications=notification_ids, letters=letter_ids, cause=type(cause).__name__
            )

    async def _connect(self) -> ArqRedis:
        async with self._connect_lock:
            if self._pool is None:
                self._pool = await create_pool(
                    redis_settings(self.url),
                    job_serializer=serialize,
                    job_deserializer=deserialize,
                    default_queue_name=QUEUE,
                )
            return self._pool
