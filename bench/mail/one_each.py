"""The same worker, with a connection of its own for each mail."""

import time

import uvloop

from domain.database.connection import close_database, open_database
from logs import configure_logging
from settings import settings
from workers.batch import Batch
from workers.outbox.claims import Turns
from workers.smtp.connections import Connections
from workers.smtp.line import Line


async def work() -> None:
    configuration = settings()
    await open_database(str(configuration.database_url))
    connections, turns = Connections(configuration), Turns()
    while claims := await turns.claim(limit=1):
        line = Line(configuration)
        await line.ready()
        await Batch(configuration, connections, line, lambda: False, lambda _held: None).send(claims, time.monotonic())
        await line.quit()
    await close_database()


if __name__ == "__main__":
    configure_logging()
    uvloop.run(work())
