"""PostgreSQL and Valkey for one run of the tests, however many processes share it."""

import asyncio
import fcntl
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from domain.database.privileges import REVOKE_TEMPORARY, DatabaseRole
from local.logins import create_login, migrate_and_create_logins
from local.servers.postgres import NO_DURABILITY, PostgresServer
from local.servers.valkey import ValkeyServer
from local.supervisor.parent_death import with_parent_death_signal

TEMPLATE_DATABASE = "template_migrated"
TEST_LOGIN = "tests"
"""The login of this process, which inserts rows and calls rules: API, worker and operator at once, but no owner."""
TABLES_WRITTEN_BY_TESTS = (
    "contract_type",
    "group_reference_level",
    "personal_key",
    "registered_enterprise",
    "registered_person",
    "registered_representative",
)
"""Tables that tests write to and no program does."""
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder of our own in it
NEEDED_BYTES = 2 * 1024**3


def _create_fastest_folder() -> str:
    # A database for every test is copied in 12 ms in memory, in half a second on a busy disk.
    in_memory = MEMORY_FOLDER.is_dir() and shutil.disk_usage(MEMORY_FOLDER).free > NEEDED_BYTES
    return tempfile.mkdtemp(prefix="econtracting-tests-", dir=MEMORY_FOLDER if in_memory else None)


@contextmanager
def locked_marker(path: Path) -> Iterator[Path]:
    """Locks something that the first of a run's processes creates for all of them.

    Args:
        path: Identifies it; the lock file and the marker are beside it.

    Yields:
        The marker: the process that finds it missing creates the thing, then this file.
    """
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path.with_suffix(".made")


@dataclass
class Servers:
    """The two servers in one temporary folder; they end with the process that started them, even if it is killed."""

    folder: Path
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _to_drop: list[str] = field(default_factory=list)

    @property
    def postgres(self) -> PostgresServer:
        settings = {**NO_DURABILITY, "max_connections": "300", "max_wal_size": "512MB", "autovacuum": "off"}
        return PostgresServer(self.folder / "postgres", self.folder / "sockets", settings)

    @property
    def valkey(self) -> ValkeyServer:
        return ValkeyServer(self.folder / "valkey", self.folder / "sockets", databases=256)

    @classmethod
    def start(cls) -> "Servers":
        servers = cls(Path(_create_fastest_folder()))
        try:
            servers._start()
        except BaseException:
            servers.stop()
            raise
        return servers

    def _start(self) -> None:
        for name in ("sockets", "valkey"):
            (self.folder / name).mkdir(mode=0o700)
        self._launch(self.valkey.command(), signal.SIGKILL)
        self.postgres.create_cluster()
        self._launch(self.postgres.command(), signal.SIGQUIT)
        self._wait(self.postgres.is_ready)
        self._wait(self.valkey.is_ready)

    def _launch(self, command: tuple[str, ...], parent_death_signal: signal.Signals) -> None:
        with (self.folder / "log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    with_parent_death_signal(command, parent_death_signal),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _wait(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not ready():
            has_exited = any(process.poll() is not None for process in self._processes)
            if has_exited or time.monotonic() > deadline:
                raise RuntimeError("The servers did not start:\n" + (self.folder / "log").read_text())
            time.sleep(0.02)

    def stop(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGQUIT if "postgres" in str(process.args) else signal.SIGKILL)
        for process in self._processes:
            process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def ensure_template(self) -> str:
        """The name of a migrated database, created by the first process that asks for it."""
        with locked_marker(self.folder / "template") as marker:
            if not marker.exists():
                asyncio.run(self._create_template())
                marker.touch()
        return TEMPLATE_DATABASE

    async def _create_template(self) -> None:
        await self.execute(f"DROP DATABASE IF EXISTS {TEMPLATE_DATABASE}")
        await self.execute(f"CREATE DATABASE {TEMPLATE_DATABASE}")
        await migrate_and_create_logins(self.postgres.url(TEMPLATE_DATABASE))
        connection = await asyncpg.connect(self.postgres.url(TEMPLATE_DATABASE))
        try:
            await create_login(connection, TEST_LOGIN, *DatabaseRole)
            await connection.execute(f"grant usage, update on all sequences in schema public to {TEST_LOGIN}")
            for table in TABLES_WRITTEN_BY_TESTS:
                await connection.execute(f"grant insert, update, delete on {table} to {TEST_LOGIN}")
        finally:
            await connection.close()

    async def copy_database(self, template: str, name: str) -> None:
        """Copies the database `template` to `name`, and drops those that are due."""
        to_drop, self._to_drop = self._to_drop, []
        await self.execute(
            *(f"DROP DATABASE {each} WITH (FORCE)" for each in to_drop),
            f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY",
            # The one privilege of a migrated database that isn't copied.
            REVOKE_TEMPORARY.format(name=name),
        )

    def drop_later(self, name: str) -> None:
        """Has a database dropped that nobody needs any more."""
        # With the next copy, or with the server: each connection costs as much as a small test.
        self._to_drop.append(name)

    async def execute(self, *statements: str, database: str = "postgres") -> None:
        """Executes statements in turn as the server's owner."""
        connection = await asyncpg.connect(self.postgres.url(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()
