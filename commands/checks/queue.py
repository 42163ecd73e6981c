"""Is Valkey or Redis reachable, and does it evict nothing?"""

from collections.abc import AsyncIterator
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from commands.checks.finding import Finding
from settings import Settings

VARIABLE: Final = "REDIS_URL"
NO_EVICTION: Final = "noeviction"
TIMEOUT: Final = 5.0


async def check_queue(settings: Settings) -> AsyncIterator[Finding]:
    """Checks the queue of the settings."""
    async with Redis.from_url(
        str(settings.redis_url), socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, decode_responses=True
    ) as queue:
        try:
            memory = await queue.info("memory")
        except (RedisError, OSError) as error:
            problem = f"Valkey or Redis can't be reached ({type(error).__name__})."
            yield Finding(VARIABLE, problem, "Give redis://, rediss:// or unix:// of a server that lets this user in.")
            return
    policy = memory.get("maxmemory_policy", NO_EVICTION)
    if policy != NO_EVICTION:
        problem = f"It drops keys when its memory is full (maxmemory-policy {policy})."
        remedy = f"Set {NO_EVICTION}: budgets and announcements would be forgotten, mails would be late."
        yield Finding(VARIABLE, problem, remedy, is_error=False)
