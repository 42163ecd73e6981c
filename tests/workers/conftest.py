"""A dispatcher on a fresh database, and a mail server for it."""

from collections.abc import AsyncIterator

import pytest

from local.ports import reserve_ports
from local.stack import HOST
from settings import settings
from tests.conftest import Environment
from tests.workers.hostile_smtp import HostileServer
from workers.dispatcher import Dispatcher

LONG_LEASE = 600


@pytest.fixture
async def hostile(environment: Environment) -> AsyncIterator[HostileServer]:
    """A mail server that can be told to misbehave; its port is nobody else's while it is away."""
    with reserve_ports(HOST, 1) as (port,):
        server = HostileServer(port)
        await server.start()
        environment.set(SMTP_HOST=HOST, SMTP_PORT=port)
        yield server
        await server.stop()


@pytest.fixture
async def dispatcher(database: str, environment: Environment) -> AsyncIterator[Dispatcher]:
    """A worker's dispatcher, in this process; name the mail server's fixture before it.

    Its leases outlast whatever may hold the test up: none expires unless the test says so.
    """
    assert database
    environment.set(MAIL_LEASE_SECONDS=LONG_LEASE)
    opened = Dispatcher(settings())
    yield opened
    await opened.close()
