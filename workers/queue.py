"""The queue between the doorbell and the workers: its names, its serialisation and its connection settings.

It only carries announcements, so losing it costs latency alone.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import orjson
from arq.connections import RedisSettings
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as LostConnectionError
from redis.exceptions import TimeoutError as SlowConnectionError

QUEUE: Final = "econtracting:mail"
JOB: Final = "deliver_notification"
"""The name of every job, whether it announces notifications or letters."""

# An exception that arq stores is the only thing in a job that JSON can't represent.
serialize: Final[Callable[[dict[str, Any]], bytes]] = partial(orjson.dumps, default=repr)
deserialize: Final[Callable[[bytes], dict[str, Any]]] = orjson.loads


def redis_settings(url: str) -> RedisSettings:
    """The connection settings for Valkey or Redis; a short loss of the connection is retried silently.

    Args:
        url: A `redis://`, `rediss://` or `unix://` address.
    """
    parsed = RedisSettings.from_dsn(url)
    return replace(
        parsed,
        # arq doesn't decode them.
        username=unquote(parsed.username) if parsed.username else None,
        password=unquote(parsed.password) if parsed.password else None,
        conn_retries=0,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        retry_on_error=[LostConnectionError, SlowConnectionError],
    )
