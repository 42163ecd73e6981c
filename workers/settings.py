"""How arq runs here; it only carries doorbells, so all that it loses is time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import orjson
import structlog
from arq.connections import RedisSettings
from arq.worker import Function, func
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as LostConnectionError
from redis.exceptions import TimeoutError as SlowConnectionError

from domain.outbox import JOB, QUEUE
from observing.tracing import span
from workers.mailroom import Mailroom
from workers.metrics import BELLS

log = structlog.get_logger()

# An exception, where arq keeps one, is the only thing in a job that JSON has no word for.
serialize: Final[Callable[[dict[str, Any]], bytes]] = partial(orjson.dumps, default=repr)
deserialize: Final[Callable[[bytes], dict[str, Any]]] = orjson.loads


async def deliver(
    context: dict[str, Any], notification_ids: Sequence[int], letter_ids: Sequence[int] = (), trace: str | None = None
) -> None:
    """The job: somebody rang for these. It never raises, since arq would drop it and the sweep won't.

    Args:
        context: Holds the worker's `mailroom`.
        notification_ids: Keys of notifications whose rows are committed.
        letter_ids: Keys of letters whose rows are committed.
        trace: The trace of the request that rang, where requests are traced.
    """
    mailroom: Mailroom = context["mailroom"]
    BELLS.inc()
    try:
        with span("deliver", trace, kind="CONSUMER", econtracting__notifications=list(notification_ids)):
            await mailroom.handle(notification_ids, letter_ids)
    except Exception:  # whatever it was, the outbox still has them
        log.exception("job_failed")


def redis_settings(url: str) -> RedisSettings:
    """How to reach Valkey or Redis; a short loss of the connection is mended without a word.

    Args:
        url: A `redis://`, `rediss://` or `unix://` address.
    """
    given = RedisSettings.from_dsn(url)
    return replace(
        given,
        # arq leaves them as the address spells them.
        username=unquote(given.username) if given.username else None,
        password=unquote(given.password) if given.password else None,
        conn_retries=0,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        retry_on_error=[LostConnectionError, SlowConnectionError],
    )


class WorkerSettings:
    """What `arq.worker.create_worker` is told, next to `redis_settings` and a `ctx` with the mailroom."""

    functions: Final[list[Function]] = [
        func(deliver, name=JOB)  # type: ignore[arg-type]  # arq's type asks for any number of arguments
    ]
    queue_name: Final = QUEUE
    # Its half second would be most of a mail's way; a poll costs less than a tenth of a millisecond.
    poll_delay: Final = 0.1
    max_jobs: Final = 20
    keep_result: Final = 0
    job_serializer: Final = serialize
    job_deserializer: Final = deserialize
    log_results: Final = False
    handle_signals: Final = False
    health_check_interval: Final = 60
