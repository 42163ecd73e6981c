"""Clusters of PostgreSQL that are made once in a run, and then copied for each stack that isn't about making one.

Making one costs ten times as much of the processor as copying it, and fifty times with its database in the newest form.
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
from tests.servers import Servers, in_turn

PATIENCE = 60.0


@dataclass(frozen=True)
class Clusters:
    """What lies in the folder of a run's servers, where all of its processes find it."""

    servers: Servers

    def put_empty(self, folder: Path) -> None:
        """Makes `folder` a cluster as it is when it has just been made."""
        self._put("empty", PostgresServer.create_cluster, folder)

    def put_migrated(self, folder: Path) -> None:
        """Makes `folder` a cluster whose database is in its newest form, with its users and without a row of theirs."""
        self._put("migrated", _make_migrated, folder)

    def _put(self, name: str, make: Callable[[PostgresServer], None], folder: Path) -> None:
        home = self.servers.folder / "clusters" / name
        server = PostgresServer(home / "postgres", home / "sockets", NO_DURABILITY)
        home.mkdir(parents=True, exist_ok=True)
        with in_turn(home / "cluster") as made:
            if not made.exists():
                make(server)
                made.touch()
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # With the rights and owners that PostgreSQL insists on.
        subprocess.run(["cp", "-a", server.folder, folder], check=True)


def _make_migrated(server: PostgresServer) -> None:
    server.create_cluster()
    # In a thread of its own: the test's own may have a browser's event loop.
    with _running(server), ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate_and_create_logins(server.url())).result()


@contextmanager
def _running(server: PostgresServer) -> Iterator[None]:
    server.sockets.mkdir(mode=0o700, exist_ok=True)
    command = with_parent_death_signal(server.command(), signal.SIGQUIT)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while not server.is_ready():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


@pytest.fixture(scope="session")
def clusters(servers: Servers) -> Clusters:
    """Clusters to begin with."""
    return Clusters(servers)
