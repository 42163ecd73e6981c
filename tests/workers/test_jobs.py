"""Jobs in arq's queue: their serialization, the queue's address, and jobs that are invalid."""

import asyncio
import json
from typing import Any

import pytest
from arq.connections import ArqRedis, create_pool
from arq.worker import create_worker
from structlog.testing import capture_logs

from domain.models import Delivery, DeliveryStatus
from tests.workers.events import a_notification_to, eventually
from tests.workers.scripted_smtp_server import ScriptedSmtpServer
from workers import queue_listener
from workers.dispatcher import Dispatcher
from workers.doorbell import QueueDoorbell
from workers.job import WorkerSettings, deliver
from workers.queue import JOB, QUEUE, deserialize, redis_settings, serialize


def test_jobs_are_json() -> None:
    job: dict[str, Any] = {"t": None, "f": JOB, "a": ([1, 2],), "k": {}, "et": 1}
    assert json.loads(serialize(job)) == {"t": None, "f": JOB, "a": [[1, 2]], "k": {}, "et": 1}
    assert deserialize(serialize(job))["a"] == [[1, 2]]
    assert deserialize(serialize({"r": RuntimeError("expired")})) == {"r": "RuntimeError('expired')"}


@pytest.mark.parametrize(
    ("url", "user", "password", "host", "database"),
    [
        ("redis://127.0.0.1:6379/2", None, None, "127.0.0.1", 2),
        ("rediss://mail:p%40ss%2Fword@queue.example:6380/0", "mail", "p@ss/word", "queue.example", 0),
    ],
)
def test_the_url_of_the_queue(url: str, user: str | None, password: str | None, host: str, database: int) -> None:
    parsed = redis_settings(url)
    assert (parsed.username, parsed.password, parsed.host, parsed.database) == (user, password, host, database)
    assert parsed.retry is not None
    assert parsed.ssl == url.startswith("rediss")


def test_the_url_of_a_unix_socket() -> None:
    parsed = redis_settings("unix:///run/valkey/valkey.sock?db=3")
    assert (parsed.unix_socket_path, parsed.database) == ("/run/valkey/valkey.sock", 3)


async def test_a_job_delivers_its_notifications_and_leaves_no_result(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, valkey: str
) -> None:
    queue = await create_pool(
        redis_settings(valkey), job_serializer=serialize, job_deserializer=deserialize, default_queue_name=QUEUE
    )
    ids = [(await a_notification_to()).id for _ in range(3)]
    await queue.enqueue_job(JOB, ids)
    await queue.enqueue_job(JOB, "nonsense")
    worker = create_worker(
        WorkerSettings,  # type: ignore[arg-type]  # arq's type asks for attributes that it does without
        redis_pool=queue,
        ctx={"dispatcher": dispatcher},
        burst=True,
    )
    with capture_logs() as logs:
        await worker.async_run()
    assert (worker.jobs_complete, worker.jobs_failed) == (2, 0)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["job_failed"]
    assert await Delivery.filter(status=DeliveryStatus.SENT).count() == len(smtp_server.contents) == 3
    assert not [key async for key in queue.scan_iter("arq:result:*")]
    await queue.aclose(close_connection_pool=True)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("argument", [None, 7, "x", [None], ["x"], [10**30], {}])
async def test_a_job_never_raises(dispatcher: Dispatcher, argument: object) -> None:
    await deliver({"dispatcher": dispatcher}, argument)  # type: ignore[arg-type]  # that is the point
    await deliver({"dispatcher": object()}, [1])


async def test_an_unreadable_queue_entry_is_dropped_and_later_jobs_are_done(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_listener, "RECONNECT_DELAY", 0.05)
    queue, doorbell = await create_pool(redis_settings(valkey)), QueueDoorbell(valkey)
    # arq decodes the names of jobs as UTF-8.
    await queue.zadd(QUEUE, {b"\xff": 1})
    listening = asyncio.create_task(queue_listener.QueueListener(dispatcher, valkey).listen_forever())
    try:
        await wait_until_empty(queue)
        doorbell.ring([(await a_notification_to()).id])
        await eventually(lambda: len(smtp_server.contents) == 1)
    finally:
        listening.cancel()
        await asyncio.wait([listening])
        await doorbell.close()
        await queue.aclose()


async def wait_until_empty(queue: ArqRedis) -> None:
    async def is_empty() -> bool:
        return not await queue.exists(QUEUE)

    await eventually(is_empty)
