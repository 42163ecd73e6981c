"""The job that arq runs for an announcement, and how arq runs here."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from arq.worker import Function, func

from observing.tracing import span
from workers.mailroom import Mailroom
from workers.metrics import BELLS
from workers.queue import JOB, QUEUE, deserialize, serialize

log = structlog.get_logger()


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
