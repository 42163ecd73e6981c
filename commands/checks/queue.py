"""Is Valkey or Redis there, and does it keep what it is given?"""

from collections.abc import AsyncIterator
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from commands.checks.finding import Finding
from settings import Settings

VARIABLE: Final = "REDIS_URL"
KEEPS: Final = "noeviction"
PATIENCE: Final = 5.0


async def check_queue(settings: Settings) -> AsyncIterator[Finding]:
    """What is wrong with the queue of the settings."""
    async with Redis.from_url(
        str(settings.redis_url), socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    ) as queue:
        try:
            memory = await queue.info("memory")
        except (RedisError, OSError) as error:
            wrong = f"Valkey or Redis can't be reached ({type(error).__name__})."
            yield Finding(VARIABLE, wrong, "Give redis://, rediss:// or unix:// of a server that lets this user in.")
            return
    policy = memory.get("maxmemory_policy", KEEPS)
    if policy != KEEPS:
        wrong = f"It drops keys when its memory is full (maxmemory-policy {policy})."
        right = f"Set {KEEPS}: budgets and announcements would be forgotten, mails would be late."
        yield Finding(VARIABLE, wrong, right, serious=False)
