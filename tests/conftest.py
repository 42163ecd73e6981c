"""What every test may ask for: real servers, a fresh database, a mail sink, an environment."""

import base64
import gc
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from redis import Redis

from domain.database.connection import close_database
from local.mailbox.maildir import arrived_mails
from local.mailbox.sink import start_sink
from local.servers.postgres import PostgresServer
from registers.lifespan import open_registers
from settings import settings
from tests.kept_database import KeptDatabase
from tests.midnight import wait_out_midnight
from tests.opened_models import open_models
from tests.servers import ANYONE, Servers
from tests.stores import Bucket, Folder, Store, s3_server

SERVERS = pytest.StashKey[Servers]()
NOWHERE = "127.0.0.1:1"
# How fast examples are made and tried says more of what else the machine does than of the program. All the examples of
# a test share its fixtures: servers, a database, an environment. They are the same in every run, so that a change is
# not refused for what was there before it; `make fuzz` looks for others.
hypothesis.settings.register_profile(
    "unhurried",
    deadline=None,
    derandomize="FUZZ" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("unhurried")


def _running(config: pytest.Config) -> Servers:
    if SERVERS not in config.stash:
        config.stash[SERVERS] = Servers.start()
    return config.stash[SERVERS]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells each process of a parallel run where the servers are, which this process starts and stops."""
    node.workerinput["servers"] = str(_running(node.config).folder)


def pytest_collection_finish() -> None:
    """Has the collector of garbage pass over what was imported and stays, which took it a quarter of the time."""
    gc.collect()
    gc.freeze()
    # A test makes much that is gone with it: looking for garbage as often as usual takes some 4 % of the time.
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Has no test begin so late that the day it takes for today would be over before it."""
    wait_out_midnight()


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        config.stash[SERVERS].stop()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Servers:
    """PostgreSQL and Valkey of this run."""
    told = getattr(pytestconfig, "workerinput", None)
    return Servers(Path(told["servers"])) if told else _running(pytestconfig)


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> PostgresServer:
    """The running server; `postgres.url("name")` is the address of one of its databases."""
    return servers.postgres


@pytest.fixture(scope="session")
def template(servers: Servers) -> str:
    """The name of a database in its newest form, to copy; nothing may connect to it."""
    return servers.migrated_template()


class Environment:
    """The environment that `settings()` reads during one test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, **values: object) -> None:
        """Sets variables, named in capitals, and has the settings read again; None takes one away."""
        for name, value in values.items():
            if value is None:
                self._monkeypatch.delenv(name, raising=False)
            else:
                self._monkeypatch.setenv(name, str(value))
        settings.cache_clear()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Environment]:
    """A complete environment of the demo, whose servers are nowhere until a fixture brings one."""
    given = Environment(monkeypatch)
    given.set(
        ENVIRONMENT="demo",
        DATA_DIR=tmp_path / "data",
        DATABASE_URL=f"postgresql://nobody@{NOWHERE}/none",
        REDIS_URL=f"redis://{NOWHERE}/0",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT="1",
        SMTP_TLS="none",
        OIDC_ISSUER=f"http://{NOWHERE}",
        OIDC_CLIENT_ID="econtracting",
        OIDC_CLIENT_SECRET=_key(4),
        NATIONAL_NUMBER_KEYS=_key(1),
        NATIONAL_NUMBER_INDEX_KEYS=_key(2),
        SIGN_IN_KEY=_key(3),
        FILE_ADDRESS_KEY=_key(5),
    )
    yield given
    settings.cache_clear()


def _key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


@pytest.fixture(scope="session")
def kept_database(servers: Servers, template: str, worker_id: str) -> Iterator[KeptDatabase]:
    """What gives each test of this process a database as the template is."""
    kept = KeptDatabase(servers, template, f"test_{worker_id}")
    yield kept
    kept.close()


@pytest.fixture
def database_name(kept_database: KeptDatabase) -> Iterator[str]:
    """The name of a fresh database in its newest form, which nobody has opened."""
    yield kept_database.take()
    kept_database.give_back()


@pytest.fixture
async def database(
    servers: Servers, database_name: str, environment: Environment, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """A fresh database in its newest form, open for the models; gives its address.

    Who uses it owns nothing in it, unless the test says `pytest.mark.owner`.
    """
    owner = servers.postgres.url(database_name)
    url = owner if request.node.get_closest_marker("owner") else servers.postgres.url(database_name, ANYONE)
    environment.set(DATABASE_URL=url, MIGRATION_DATABASE_URL=owner)
    await open_models(url)
    yield url
    await close_database()


@pytest.fixture
async def registers(database: str) -> AsyncIterator[None]:
    """The registers of the settings: the test's own tables, unless it sets addresses first."""
    assert database
    async with open_registers(settings()):
        yield


@pytest.fixture
def valkey(servers: Servers, environment: Environment, worker_id: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty Valkey of this test's own, which this process waits for however busy the machine is; its address."""
    monkeypatch.setattr("gql.limits.budget.REDIS_TIMEOUT", 60.0)
    monkeypatch.setattr("workers.doorbell.ENQUEUE_TIMEOUT", 60.0)
    url = servers.valkey.url(int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0)
    with Redis.from_url(url) as connection:
        connection.flushdb()
    environment.set(REDIS_URL=url)
    return url


@dataclass(frozen=True)
class SmtpSink:
    """A running sink and what arrived in it."""

    host: str
    port: int
    folder: Path

    def mails(self) -> list[EmailMessage]:
        """What arrived, oldest first; `mail["Delivered-To"]` is the envelope's recipient."""
        return [mail.message() for mail in reversed(arrived_mails(self.folder))]


@pytest.fixture
async def smtp_sink(environment: Environment, tmp_path: Path) -> AsyncIterator[SmtpSink]:
    """A strict mail server of this test's own."""
    server = await start_sink("127.0.0.1", 0, tmp_path / "mail")
    host, port = server.sockets[0].getsockname()
    environment.set(SMTP_HOST=host, SMTP_PORT=port)
    yield SmtpSink(host, port, tmp_path / "mail")
    server.close()
    await server.wait_closed()


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server that speaks like S3; gives its address."""
    with s3_server(tmp_path_factory.mktemp("s3") / "log") as url:
        yield url


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, environment: Environment, tmp_path: Path) -> Store:
    """An empty object store, once of each kind."""
    if request.param == "folder":
        return Folder(tmp_path / "data" / "objects")
    server: str = request.getfixturevalue("s3")
    bucket = Bucket.made(server)
    environment.set(
        OBJECT_STORE_URL=f"s3://{bucket.name}/files",
        OBJECT_STORE_ENDPOINT=server,
        OBJECT_STORE_REGION="eu-west-1",
        OBJECT_STORE_ACCESS_KEY_ID="anybody",
        OBJECT_STORE_SECRET_ACCESS_KEY=_key(6),
    )
    return bucket


@pytest.fixture
def folder(environment: Environment, tmp_path: Path) -> Folder:
    """An empty folder to keep objects in, which is the store unless another one is set."""
    assert environment
    return Folder(tmp_path / "data" / "objects")
