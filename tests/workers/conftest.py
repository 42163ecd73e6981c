"""A dispatcher with a fresh database, and a scripted SMTP server for it."""

from collections.abc import AsyncIterator

import pytest

from local.ports import reserve_ports
from local.stack import HOST
from settings import settings
from tests.conftest import Environment
from tests.workers.scripted_smtp_server import ScriptedSmtpServer
from workers.dispatcher import Dispatcher

LONG_LEASE = 600


@pytest.fixture
async def smtp_server(environment: Environment) -> AsyncIterator[ScriptedSmtpServer]:
    """A running SMTP server whose replies the test scripts. Its port stays reserved while it is stopped."""
    with reserve_ports(HOST, 1) as (port,):
        server = ScriptedSmtpServer(port)
        await server.start()
        environment.set(SMTP_HOST=HOST, SMTP_PORT=port)
        yield server
        await server.stop()


@pytest.fixture
async def dispatcher(database: str, environment: Environment) -> AsyncIterator[Dispatcher]:
    """A worker's dispatcher in this process. Request the fixture of the SMTP server before this one.

    Its leases are longer than any test, so that none expires unless the test expires it.
    """
    assert database
    environment.set(MAIL_LEASE_SECONDS=LONG_LEASE)
    dispatcher = Dispatcher(settings())
    yield dispatcher
    await dispatcher.close()
