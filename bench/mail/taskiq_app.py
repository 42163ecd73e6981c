"""The same rendering and sending as tasks of taskiq, over a connection that is kept; no outbox, no outcome written."""

import asyncio
import pickle
import sys

import aiosmtplib
from taskiq import TaskiqEvents, TaskiqState
from taskiq_redis import ListQueueBroker

from settings import settings
from workers.composing.compose import compose

# Its client would give up on an empty queue after a few seconds, and the worker with it.
broker = ListQueueBroker(str(settings().redis_url), socket_timeout=None)

MAILS = pickle.loads((settings().data_dir / "mails").read_bytes())  # noqa: S301  # our own file


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def connect(state: TaskiqState) -> None:
    configuration = settings()
    state.mails = MAILS
    state.client = aiosmtplib.SMTP(hostname=configuration.smtp_host, port=configuration.smtp_port, start_tls=False)
    await state.client.connect()
    state.turn = asyncio.Lock()


@broker.task("mail")
async def mail(number: int) -> None:
    state = broker.state
    mail_object = compose(state.mails[number], settings(), {"8BITMIME"})
    async with state.turn:
        await state.client.sendmail(
            mail_object.sender, [mail_object.recipient], mail_object.content, mail_options=mail_object.mail_parameters
        )


async def enqueue(count: int, kept: int) -> None:
    await broker.startup()
    for number in range(count):
        await mail.kiq(number % kept)
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(enqueue(int(sys.argv[1]), int(sys.argv[2])))
