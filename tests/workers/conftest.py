"""A mailroom at work on a fresh database, and events for it to mail."""

from collections.abc import AsyncIterator

import pytest

from settings import settings
from tests.conftest import Environment
from tests.workers.hostile_smtp import HostileServer
from workers.mailroom import Mailroom


@pytest.fixture
async def hostile(environment: Environment) -> AsyncIterator[HostileServer]:
    """A mail server that can be told to misbehave."""
    server = HostileServer()
    await server.start()
    environment.set(SMTP_HOST="127.0.0.1", SMTP_PORT=server.port)
    yield server
    await server.stop()


@pytest.fixture
async def mailroom(database: str) -> AsyncIterator[Mailroom]:  # noqa: ARG001  # what it works on
    """One worker's hands, in this process; name the mail server's fixture before it."""
    room = Mailroom(settings())
    yield room
    await room.close()
