"""Sends the outbox like the worker, but with a claim, a connection and a settlement per mail."""

import time

import uvloop

from domain.database.connection import close_database, open_database
from logs import configure_logging
from settings import Settings, settings
from workers.batch_sender import BatchSender
from workers.outbox.delivery_claims import DeliveryClaim, DeliveryClaimer
from workers.smtp.session import SmtpSession
from workers.smtp.session_pool import SessionPool


async def send_outbox() -> None:
    configuration = settings()
    await open_database(str(configuration.database_url))
    sessions, claimer = SessionPool(configuration), DeliveryClaimer()
    while claims := await claimer.claim(limit=1):
        await send(claims, configuration, sessions)
    await close_database()


async def send(claims: list[DeliveryClaim], configuration: Settings, sessions: SessionPool) -> None:
    session = SmtpSession(configuration)
    await session.ensure_ready()
    sender = BatchSender(configuration, sessions, session, lambda: False, lambda _released: None)
    await sender.send(claims, time.monotonic())
    await session.quit()


if __name__ == "__main__":
    configure_logging()
    uvloop.run(send_outbox())
