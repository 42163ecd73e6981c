"""The bell that the API rings: the keys of new notifications and letters go into the queue, or wait for the sweep."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from arq.connections import ArqRedis, create_pool
from prometheus_client import Counter

from observing.tracing import carried_trace
from workers.queue import JOB, QUEUE, deserialize, redis_settings, serialize

log = structlog.get_logger()

RUNG: Final = Counter(
    "econtracting_bells_rung", "Announcements to the workers; silent ones are found by their sweep.", ("outcome",)
)
# Longer than a healthy queue ever takes; a frozen one must not gather tasks.
PATIENCE_SECONDS: Final = 2.0


class QueueDoorbell:
    """Rings through arq's queue, behind the back of whoever rings.

    Attributes:
        url: A `redis://`, `rediss://` or `unix://` address.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool: ArqRedis | None = None
        self._connecting = asyncio.Lock()
        self._ringing: set[asyncio.Task[None]] = set()

    def ring(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Announces what is committed; returns at once, and a queue that is away costs nothing but time."""
        task = asyncio.get_running_loop().create_task(self._announce(list(notification_ids), list(letter_ids)))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def close(self) -> None:
        """Waits for what is being announced, and gives the connections back."""
        await asyncio.gather(*self._ringing)
        if self._pool is not None:
            await self._pool.aclose()

    async def _announce(self, notification_ids: list[int], letter_ids: list[int]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                queue = await self._queue()
                trace = carried_trace()
                await queue.enqueue_job(JOB, notification_ids, letter_ids, *([trace] if trace else []))
            RUNG.labels("heard").inc()
        except Exception as cause:  # noqa: BLE001  # whatever it was, the sweep finds what waits
            RUNG.labels("silent").inc()
            announced = {"notifications": notification_ids, "letters": letter_ids}
            log.warning("doorbell_silent", **announced, cause=type(cause).__name__)

    async def _queue(self) -> ArqRedis:
        async with self._connecting:
            if self._pool is None:
                self._pool = await create_pool(
                    redis_settings(self.url),
                    job_serializer=serialize,
                    job_deserializer=deserialize,
                    default_queue_name=QUEUE,
                )
            return self._pool
