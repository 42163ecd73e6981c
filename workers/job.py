"""The job that arq runs for each ring of the doorbell, and arq's configuration."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from arq.worker import Function, func

from observing.tracing import span
from workers.dispatcher import Dispatcher
from workers.metrics import BELLS
from workers.queue import JOB, QUEUE, deserialize, serialize

log = structlog.get_logger()


async def deliver(
    context: dict[str, Any], notification_ids: Sequence[int], letter_ids: Sequence[int] = (), trace: str | None = None
) -> None:
    """Handles the rows that the doorbell announced; never raises, since the sweep finds what could not be handled.

    Args:
        context: Holds the worker's `dispatcher`.
        notification_ids: Ids of notifications whose rows are committed.
        letter_ids: Ids of letters whose rows are committed.
        trace: The trace of the request that rang the doorbell, if requests are traced.
    """
    dispatcher: Dispatcher = context["dispatcher"]
    BELLS.inc()
    try:
        with span("deliver", trace, kind="CONSUMER", econtracting__notifications=list(notification_ids)):
            await dispatcher.handle(notification_ids, letter_ids)
    except Exception:  # whatever it is, the outbox still has the rows
        log.exception("job_failed")


class WorkerSettings:
    """The settings for `arq.worker.create_worker`, beside `redis_settings` and a `ctx` with the dispatcher."""

    functions: Final[list[Function]] = [
        func(deliver, name=JOB)  # type: ignore[arg-type]  # arq's type asks for any number of arguments
    ]
    queue_name: Final = QUEUE
    # arq's default of half a second would be most of a mail's latency; a poll costs less than 0.1 milliseconds.
    poll_delay: Final = 0.1
    max_jobs: Final = 20
    keep_result: Final = 0
    job_serializer: Final = serialize
    job_deserializer: Final = deserialize
    log_results: Final = False
    handle_signals: Final = False
    health_check_interval: Final = 60
