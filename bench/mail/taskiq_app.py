"""The same rendering and sending as taskiq tasks, over one persistent connection; no outbox, no recorded outcome."""

import asyncio
import pickle
import sys

import aiosmtplib
from taskiq import TaskiqEvents, TaskiqState
from taskiq_redis import ListQueueBroker

from settings import settings
from workers.composing.compose import compose

# With a timeout the client fails on a queue that is empty for some seconds, and the worker ends.
broker = ListQueueBroker(str(settings().redis_url), socket_timeout=None)

MAILS = pickle.loads((settings().data_dir / "mails").read_bytes())  # noqa: S301  # our own file


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def connect(state: TaskiqState) -> None:
    configuration = settings()
    state.mails = MAILS
    state.client = aiosmtplib.SMTP(hostname=configuration.smtp_host, port=configuration.smtp_port, start_tls=False)
    await state.client.connect()
    state.lock = asyncio.Lock()


@broker.task("mail")
async def mail(number: int) -> None:
    state = broker.state
    mail_object = compose(state.mails[number], settings(), {"8BITMIME"})
    async with state.lock:
        await state.client.sendmail(
            mail_object.sender, [mail_object.recipient], mail_object.content, mail_options=mail_object.mail_parameters
        )


async def enqueue(count: int, samples: int) -> None:
    await broker.startup()
    for number in range(count):
        await mail.kiq(number % samples)
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(enqueue(int(sys.argv[1]), int(sys.argv[2])))
