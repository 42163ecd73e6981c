"""What a viewer may ask for in a minute, counted in Valkey, so that it holds across processes."""

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

PATIENCE: Final = 0.25
"""Seconds that Valkey may take to count: longer than it ever needs, and short for whoever waits."""
REST: Final = 5.0
"""Seconds that a Valkey which doesn't answer is left alone."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of a request for objects.

    Attributes:
        granted: Whether there was room for it.
        wait: After how many whole seconds there is room again; 0 when it was granted.
    """

    granted: bool
    wait: int = 0


class Budget:
    """Counts objects for each viewer; while Valkey is away, each process counts for itself.

    A minute begins with the first request. What is refused counts, too, so that asking on costs the one who asks.
    """

    def __init__(self, redis_url: str) -> None:
        """Prepares to count; nothing is connected yet.

        Args:
            redis_url: A `redis://`, `rediss://` or `unix://` address.
        """
        self._pool = ConnectionPool.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        shared = RedisStorage(
            "redis://",
            implementation="redispy",
            connection_pool=self._pool,  # type: ignore[arg-type]  # documented, though the type leaves it out
        )
        self._shared = FixedWindowRateLimiter(shared)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0

    async def spend(self, viewer: str, objects: int, allowed: int) -> Spent:
        """Counts what a viewer asks for.

        Args:
            viewer: Who asks; the same text for the same viewer in every process.
            objects: How much.
            allowed: How much may be asked for in a minute.
        """
        if time.monotonic() >= self._away_until:
            try:
                return await _spend(self._shared, viewer, objects, allowed)
            except Exception as cause:  # noqa: BLE001  # whatever it is, nobody is to be turned away for it
                self._away_until = time.monotonic() + REST
                BUDGET_FALLBACKS.inc()
                log.warning("budget_not_shared", cause=type(cause).__name__)
        return await _spend(self._own, viewer, objects, allowed)

    async def close(self) -> None:
        """Gives the connections back."""
        await self._pool.aclose()


async def _spend(limiter: RateLimiter, viewer: str, objects: int, allowed: int) -> Spent:
    item = RateLimitItemPerMinute(allowed, namespace="econtracting:budget")
    if await limiter.hit(item, viewer, cost=objects):
        return Spent(granted=True)
    stats = await limiter.get_window_stats(item, viewer)
    return Spent(granted=False, wait=max(1, ceil(stats.reset_time - time.time())))
