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

TEMPLATE = "template_migrated"
ANYONE = "tests"
"""The user as whom rows are made and rules are called in this process: API, worker and operator at once, no owner."""
MADE = (
    "contract_type",
    "group_reference_level",
    "personal_key",
    "registered_enterprise",
    "registered_person",
    "registered_representative",
)
"""The tables whose rows tests make and take away, which no program does."""
MEMORY = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder of our own in it
ROOM = 2 * 1024**3


def _quickest_folder() -> str:
    # A database for every test is copied in 12 ms in memory, in half a second on a busy disk.
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return tempfile.mkdtemp(prefix="econtracting-tests-", dir=MEMORY if in_memory else None)


@contextmanager
def in_turn(mark: Path) -> Iterator[Path]:
    """Lets one of a run's processes after another make something, of which only the first has to.

    Args:
        mark: Beside which it is marked; of nothing else.

    Returns:
        The file by which whoever makes it says that it is made.
    """
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield mark.with_suffix(".made")


@dataclass
class Servers:
    """The two servers in one short-lived folder; whoever starts them takes them along, even when killed."""

    folder: Path
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)

    @property
    def postgres(self) -> PostgresServer:
        settings = {**NO_DURABILITY, "max_connections": "300", "max_wal_size": "512MB", "autovacuum": "off"}
        return PostgresServer(self.folder / "postgres", self.folder / "sockets", settings)

    @property
    def valkey(self) -> ValkeyServer:
        return ValkeyServer(self.folder / "valkey", self.folder / "sockets", databases=256)

    @classmethod
    def start(cls) -> "Servers":
        servers = cls(Path(_quickest_folder()))
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
            gone = any(process.poll() is not None for process in self._processes)
            if gone or time.monotonic() > deadline:
                raise RuntimeError("The servers did not start:\n" + (self.folder / "log").read_text())
            time.sleep(0.02)

    def stop(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGQUIT if "postgres" in str(process.args) else signal.SIGKILL)
        for process in self._processes:
            process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def migrated_template(self) -> str:
        """The name of a database in its newest form, made by whichever process asks first."""
        with in_turn(self.folder / "template") as made:
            if not made.exists():
                asyncio.run(self._make_template())
                made.touch()
        return TEMPLATE

    async def _make_template(self) -> None:
        await self.command(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        await self.command(f"CREATE DATABASE {TEMPLATE}")
        await migrate_and_create_logins(self.postgres.url(TEMPLATE))
        connection = await asyncpg.connect(self.postgres.url(TEMPLATE))
        try:
            await create_login(connection, ANYONE, *DatabaseRole)
            await connection.execute(f"grant usage, update on all sequences in schema public to {ANYONE}")
            for table in MADE:
                await connection.execute(f"grant insert, update, delete on {table} to {ANYONE}")
        finally:
            await connection.close()

    async def copy(self, template: str, name: str) -> None:
        """Makes a database as another one is, and does away with those that were left."""
        left, self._left = self._left, []
        await self.command(
            *(f"DROP DATABASE {each} WITH (FORCE)" for each in left),
            f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY",
            # The one privilege of a migrated database that isn't copied.
            REVOKE_TEMPORARY.format(name=name),
        )

    def leave(self, name: str) -> None:
        """Nobody needs this database any more."""
        # It goes with the next copy, or with the server: each connection costs as much as a small test.
        self._left.append(name)

    async def command(self, *statements: str, database: str = "postgres") -> None:
        """Has the server's owner carry out statements, one after the other."""
        connection = await asyncpg.connect(self.postgres.url(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()
