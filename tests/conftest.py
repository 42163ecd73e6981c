"""Fixtures for all tests: real servers, a fresh database, an SMTP sink, an environment."""

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
from tests.midnight import wait_out_midnight
from tests.open_models import open_models
from tests.reusable_database import ReusableDatabase
from tests.servers import TEST_LOGIN, Servers
from tests.stores import BucketStore, FolderStore, Store, s3_server

SERVERS_KEY = pytest.StashKey[Servers]()
CLOSED_ADDRESS = "127.0.0.1:1"
# The speed of examples depends more on the machine's load than on the program, so there is no deadline. All examples of
# a test share its fixtures: servers, a database, an environment. They are the same in every run, so that a change isn't
# refused for an older bug; `make fuzz` tries others.
hypothesis.settings.register_profile(
    "unhurried",
    deadline=None,
    derandomize="FUZZ" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("unhurried")


def _servers_of(config: pytest.Config) -> Servers:
    if SERVERS_KEY not in config.stash:
        config.stash[SERVERS_KEY] = Servers.start()
    return config.stash[SERVERS_KEY]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells each process of a parallel run where the servers are; this process starts and stops them."""
    node.workerinput["servers"] = str(_servers_of(node.config).folder)


def pytest_collection_finish() -> None:
    """Excludes the imported objects from garbage collection, which took a quarter of the time."""
    gc.collect()
    gc.freeze()
    # Few of a test's objects outlive it: collecting as often as usual takes some 4 % of the time.
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Starts no test just before midnight, so that the day doesn't change during it."""
    wait_out_midnight()


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS_KEY in config.stash:
        config.stash[SERVERS_KEY].stop()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Servers:
    """PostgreSQL and Valkey of this run."""
    worker_input = getattr(pytestconfig, "workerinput", None)
    return Servers(Path(worker_input["servers"])) if worker_input else _servers_of(pytestconfig)


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> PostgresServer:
    """The running server; `postgres.url("name")` is the address of one of its databases."""
    return servers.postgres


@pytest.fixture(scope="session")
def template(servers: Servers) -> str:
    """The name of a migrated database to copy; nothing may connect to it."""
    return servers.ensure_template()


class Environment:
    """The environment that `settings()` reads during one test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, **values: object) -> None:
        """Sets variables, named in capitals, and has the settings read again; None removes one."""
        for name, value in values.items():
            if value is None:
                self._monkeypatch.delenv(name, raising=False)
            else:
                self._monkeypatch.setenv(name, str(value))
        settings.cache_clear()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Environment]:
    """A complete environment of the demo; no server runs at its addresses until a fixture replaces them."""
    variables = Environment(monkeypatch)
    variables.set(
        ENVIRONMENT="demo",
        DATA_DIR=tmp_path / "data",
        DATABASE_URL=f"postgresql://nobody@{CLOSED_ADDRESS}/none",
        REDIS_URL=f"redis://{CLOSED_ADDRESS}/0",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT="1",
        SMTP_TLS="none",
        OIDC_ISSUER=f"http://{CLOSED_ADDRESS}",
        OIDC_CLIENT_ID="econtracting",
        OIDC_CLIENT_SECRET=_key(4),
        NATIONAL_NUMBER_KEYS=_key(1),
        NATIONAL_NUMBER_INDEX_KEYS=_key(2),
        SIGN_IN_KEY=_key(3),
        FILE_ADDRESS_KEY=_key(5),
    )
    yield variables
    settings.cache_clear()


def _key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


@pytest.fixture(scope="session")
def reusable_database(servers: Servers, template: str, worker_id: str) -> Iterator[ReusableDatabase]:
    """The database that the tests of this process use in turn."""
    reusable = ReusableDatabase(servers, template, f"test_{worker_id}")
    yield reusable
    reusable.close()


@pytest.fixture
def database_name(reusable_database: ReusableDatabase) -> Iterator[str]:
    """The name of a fresh, migrated database, which isn't open."""
    yield reusable_database.acquire()
    reusable_database.release()


@pytest.fixture
async def database(
    servers: Servers, database_name: str, environment: Environment, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database, open for the models.

    The test connects as a user who owns nothing in it, unless it is marked with `pytest.mark.owner`.
    """
    owner = servers.postgres.url(database_name)
    url = owner if request.node.get_closest_marker("owner") else servers.postgres.url(database_name, TEST_LOGIN)
    environment.set(DATABASE_URL=url, MIGRATION_DATABASE_URL=owner)
    await open_models(url)
    yield url
    await close_database()


@pytest.fixture
async def registers(database: str) -> AsyncIterator[None]:
    """Opens the registers of the settings: local tables, unless the test sets addresses first."""
    assert database
    async with open_registers(settings()):
        yield


@pytest.fixture
def valkey(servers: Servers, environment: Environment, worker_id: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty Valkey database of this test's own; timeouts are long, for busy machines."""
    monkeypatch.setattr("gql.limits.budget.REDIS_TIMEOUT", 60.0)
    monkeypatch.setattr("workers.doorbell.ENQUEUE_TIMEOUT", 60.0)
    url = servers.valkey.url(int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0)
    with Redis.from_url(url) as connection:
        connection.flushdb()
    environment.set(REDIS_URL=url)
    return url


@dataclass(frozen=True)
class SmtpSink:
    """A running SMTP sink and the mails it received."""

    host: str
    port: int
    folder: Path

    def mails(self) -> list[EmailMessage]:
        """The received mails, oldest first; `mail["Delivered-To"]` is the envelope's recipient."""
        return [mail.message() for mail in reversed(arrived_mails(self.folder))]


@pytest.fixture
async def smtp_sink(environment: Environment, tmp_path: Path) -> AsyncIterator[SmtpSink]:
    """A strict SMTP server of this test's own."""
    server = await start_sink("127.0.0.1", 0, tmp_path / "mail")
    host, port = server.sockets[0].getsockname()
    environment.set(SMTP_HOST=host, SMTP_PORT=port)
    yield SmtpSink(host, port, tmp_path / "mail")
    server.close()
    await server.wait_closed()


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running server with the API of S3."""
    with s3_server(tmp_path_factory.mktemp("s3") / "log") as url:
        yield url


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, environment: Environment, tmp_path: Path) -> Store:
    """An empty object store, once of each kind."""
    if request.param == "folder":
        return FolderStore(tmp_path / "data" / "objects")
    server: str = request.getfixturevalue("s3")
    bucket = BucketStore.create(server)
    environment.set(
        OBJECT_STORE_URL=f"s3://{bucket.name}/files",
        OBJECT_STORE_ENDPOINT=server,
        OBJECT_STORE_REGION="eu-west-1",
        OBJECT_STORE_ACCESS_KEY_ID="anybody",
        OBJECT_STORE_SECRET_ACCESS_KEY=_key(6),
    )
    return bucket


@pytest.fixture
def folder_store(environment: Environment, tmp_path: Path) -> FolderStore:
    """An empty folder of objects, which is the default store."""
    assert environment
    return FolderStore(tmp_path / "data" / "objects")
