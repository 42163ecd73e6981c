"""PostgreSQL clusters that are created once per run, then copied for each stack whose test isn't about creating one.

Creating a cluster costs ten times the processor time of copying it, and fifty times with a migrated database.
"""

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.logins import migrate_and_create_logins
from local.servers.postgres import NO_DURABILITY, PostgresServer
from local.supervisor.parent_death import with_parent_death_signal
from tests.servers import Servers, locked_marker

TIMEOUT = 60.0


@dataclass(frozen=True)
class Clusters:
    """The clusters in the folder of the run's servers, shared by all of its processes."""

    servers: Servers

    def copy_empty(self, folder: Path) -> None:
        """Copies a newly created cluster to `folder`."""
        self._copy("empty", PostgresServer.create_cluster, folder)

    def copy_migrated(self, folder: Path) -> None:
        """Copies a cluster to `folder` whose database is migrated and has the logins, but no rows of users."""
        self._copy("migrated", _create_migrated, folder)

    def _copy(self, name: str, make: Callable[[PostgresServer], None], folder: Path) -> None:
        home = self.servers.folder / "clusters" / name
        server = PostgresServer(home / "postgres", home / "sockets", NO_DURABILITY)
        home.mkdir(parents=True, exist_ok=True)
        with locked_marker(home / "cluster") as marker:
            if not marker.exists():
                make(server)
                marker.touch()
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Keeps the permissions and owners that PostgreSQL requires.
        subprocess.run(["cp", "-a", server.folder, folder], check=True)


def _create_migrated(server: PostgresServer) -> None:
    server.create_cluster()
    # In another thread: the test's own may run a browser's event loop.
    with _running(server), ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate_and_create_logins(server.url())).result()


@contextmanager
def _running(server: PostgresServer) -> Iterator[None]:
    server.sockets.mkdir(mode=0o700, exist_ok=True)
    command = with_parent_death_signal(server.command(), signal.SIGQUIT)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + TIMEOUT
        while not server.is_ready():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(TIMEOUT)


@pytest.fixture(scope="session")
def clusters(servers: Servers) -> Clusters:
    """Clusters to copy."""
    return Clusters(servers)
