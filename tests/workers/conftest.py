"""A mailroom at work on a fresh database, and events for it to mail."""

from collections.abc import AsyncIterator

import pytest

from local.ports import held_ports
from local.stack import HOST
from settings import settings
from tests.conftest import Environment
from tests.workers.hostile_smtp import HostileServer
from workers.mailroom import Mailroom

LONG_LEASE = 600


@pytest.fixture
async def hostile(environment: Environment) -> AsyncIterator[HostileServer]:
    """A mail server that can be told to misbehave; its port is nobody else's while it is away."""
    with held_ports(HOST, 1) as (port,):
        server = HostileServer(port)
        await server.start()
        environment.set(SMTP_HOST=HOST, SMTP_PORT=port)
        yield server
        await server.stop()


@pytest.fixture
async def mailroom(database: str, environment: Environment) -> AsyncIterator[Mailroom]:
    """One worker's hands, in this process; name the mail server's fixture before it.

    Its leases outlast whatever may hold the test up: none runs out unless the test says so.
    """
    assert database
    environment.set(MAIL_LEASE_SECONDS=LONG_LEASE)
    room = Mailroom(settings())
    yield room
    await room.close()
