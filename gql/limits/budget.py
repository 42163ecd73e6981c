"""The budget of a viewer per minute, counted in Valkey so that all processes share it."""

import time
from dataclasses import dataclass
from math import ceil
from typing import Final

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter, RateLimiter
from redis.asyncio import ConnectionPool

from gql.metrics import BUDGET_FALLBACKS

log = structlog.get_logger()

REDIS_TIMEOUT: Final = 0.25
"""Seconds that Valkey may take to respond: far more than it needs, and short for a client that waits."""
RETRY_DELAY: Final = 5.0
"""Seconds after a failure until Valkey is used again."""


@dataclass(frozen=True, slots=True)
class SpendResult:
    """The result of taking objects from a budget.

    Attributes:
        granted: Whether enough was left.
        retry_after: Whole seconds until the budget is renewed; 0 when it was granted.
    """

    granted: bool
    retry_after: int = 0


class Budget:
    """Counts objects per viewer; while Valkey is unavailable, each process counts by itself.

    A minute begins with the first request. Refused requests count, too.
    """

    def __init__(self, redis_url: str) -> None:
        """Prepares the client; nothing is connected yet.

        Args:
            redis_url: A `redis://`, `rediss://` or `unix://` address.
        """
        self._pool = ConnectionPool.from_url(
            redis_url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT
        )
        shared = RedisStorage(
            "redis://",
            implementation="redispy",
            connection_pool=self._pool,  # type: ignore[arg-type]  # documented, though the type leaves it out
        )
        self._shared = FixedWindowRateLimiter(shared)
        self._local = FixedWindowRateLimiter(MemoryStorage())
        self._unavailable_until = 0.0

    async def spend(self, viewer: str, objects: int, allowed: int) -> SpendResult:
        """Takes objects from a viewer's budget.

        Args:
            viewer: The viewer's key, the same in every process.
            objects: How many.
            allowed: The budget per minute.
        """
        if time.monotonic() >= self._unavailable_until:
            try:
                return await _spend(self._shared, viewer, objects, allowed)
            except Exception as cause:  # noqa: BLE001  # whatever it is, requests go on with the local count
                self._unavailable_until = time.monotonic() + RETRY_DELAY
                BUDGET_FALLBACKS.inc()
                log.warning("budget_not_shared", cause=type(cause).__name__)
        return await _spend(self._local, viewer, objects, allowed)

    async def close(self) -> None:
        """Closes the connections."""
        await self._pool.aclose()


async def _spend(limiter: RateLimiter, viewer: str, objects: int, allowed: int) -> SpendResult:
    item = RateLimitItemPerMinute(allowed, namespace="econtracting:budget")
    if await limiter.hit(item, viewer, cost=objects):
        return SpendResult(granted=True)
    stats = await limiter.get_window_stats(item, viewer)
    return SpendResult(granted=False, retry_after=max(1, ceil(stats.reset_time - time.time())))
