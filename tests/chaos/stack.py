"""The servers and workers of a chaos run: each can be killed, stopped, suspended and restarted."""

import asyncio
import random
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from redis.asyncio import Redis

from domain.database.connection import close_database, open_database
from domain.database.privileges import DatabaseRole
from local.logins import LOGINS, migrate_and_create_logins
from local.servers.postgres import DATABASE, PostgresServer
from local.servers.valkey import ValkeyServer
from tests.chaos import jumping_clock
from tests.conftest import Environment
from tests.workers.events import eventually
from tests.workers.processes import Process, start_process

# Commits survive the crash of every process, though not a power failure.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}
SERVE = """
import os, sys
os.dup2(int(sys.argv.pop()), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid()), "DATABASE_URL": sys.argv.pop()}
from cli import app
app()
"""
"""`econtracting serve` with a listening socket as file descriptor 3, as systemd passes it."""


@dataclass
class Stack:
    """One PostgreSQL, one Valkey, some workers, and the APIs that were started."""

    folder: Path
    postgres: PostgresServer
    valkey: ValkeyServer
    workers: list[Process] = field(default_factory=list)
    apis: list[Process] = field(default_factory=list)
    _servers: dict[str, Process] = field(default_factory=dict)
    _serial: int = 0

    @property
    def clock(self) -> Path:
        """The file with the offset of the workers' clocks."""
        return self.folder / "clock"

    async def start_postgres(self) -> None:
        self._servers["postgres"] = self._start("postgres", self.postgres.command(), signal.SIGQUIT)
        await eventually(self.postgres.is_ready, within=60)

    async def end_postgres(self, number: signal.Signals) -> None:
        """SIGINT: a quick stop; SIGQUIT: a crash, from which the next start recovers."""
        await self._servers.pop("postgres").end(number)

    async def start_valkey(self) -> None:
        self._servers["valkey"] = self._start("valkey", self.valkey.command(), signal.SIGKILL)
        await eventually(self.valkey.is_ready, within=60)

    async def kill_valkey(self, *, empty: bool) -> None:
        await self._servers.pop("valkey").end(signal.SIGKILL)
        if empty:
            for path in self.valkey.folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    async def freeze_valkey(self, seconds: float) -> None:
        frozen = self._servers["valkey"].running
        frozen.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        frozen.send_signal(signal.SIGCONT)

    async def flush_valkey(self) -> None:
        async with Redis.from_url(self.valkey.url()) as connection:
            await connection.flushall()

    async def start_worker(self) -> None:
        command = (sys.executable, "-m", "tests.chaos.jumping_clock", str(self.clock))
        self._serial += 1
        worker = self._start(f"worker-{self._serial}", command, signal.SIGKILL)
        self.workers.append(worker)
        await eventually(lambda: worker.has_logged("worker_started") or worker.running.poll() is not None, within=60)
        assert worker.running.poll() is None, worker.log.read_text()

    async def replace(self, worker: Process) -> int:
        """Waits for the end of a worker that was signalled, and starts another; returns its exit code."""
        self.workers.remove(worker)
        code = await asyncio.to_thread(worker.running.wait, 60)
        await self.start_worker()
        return code

    async def start_api(self, listener: socket.socket) -> Process:
        """Starts `econtracting serve` with a socket passed as systemd does."""
        url = self.postgres.url(DATABASE, LOGINS[DatabaseRole.API])
        command = (sys.executable, "-c", SERVE, "serve", url, str(listener.fileno()))
        self._serial += 1
        api = self._start(f"api-{self._serial}", command, signal.SIGKILL, (listener.fileno(),))
        self.apis.append(api)
        await eventually(lambda: api.has_logged("changes_heard") or api.running.poll() is not None, within=60)
        assert api.running.poll() is None, api.log.read_text()
        return api

    async def stop_one(self, process: Process) -> int:
        """Stops an API or a worker by SIGTERM; returns its exit code."""
        for processes in (self.apis, self.workers):
            if process in processes:
                processes.remove(process)
        process.running.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(process.running.wait, 60)

    def worker_at(self, port: int) -> Process | None:
        """The worker with a connection from this local port."""
        for worker in self.workers:
            try:
                connections = psutil.Process(worker.running.pid).net_connections("tcp")
            except psutil.Error:
                continue
            if any(connection.laddr and connection.laddr.port == port for connection in connections):
                return worker
        return None

    def some_worker(self, chance: random.Random) -> Process:
        return chance.choice(self.workers)

    def _start(
        self, name: str, command: tuple[str, ...], parent_death_signal: signal.Signals, fds: tuple[int, ...] = ()
    ) -> Process:
        log = self.folder / f"{name}.log"
        with log.open("ab") as log_file:
            return Process(start_process(command, log_file, parent_death_signal, fds), log)

    async def stop(self) -> None:
        for process in (*self.apis, *self.workers):
            await process.end(signal.SIGKILL)
        for name, number in (("valkey", signal.SIGKILL), ("postgres", signal.SIGQUIT)):
            if name in self._servers:
                await self._servers[name].end(number)


@asynccontextmanager
async def a_stack(folder: Path, environment: Environment, workers: int, smtp_port: int) -> AsyncIterator[Stack]:
    """A running stack, whose database is open in this process as well."""
    for name in ("sockets", "valkey"):
        (folder / name).mkdir(parents=True, mode=0o700)
    postgres = PostgresServer(folder / "postgres", folder / "sockets", SETTINGS)
    stack = Stack(folder, postgres, ValkeyServer(folder / "valkey", folder / "sockets"))
    environment.set(
        DATABASE_URL=postgres.url(DATABASE, LOGINS[DatabaseRole.WORKER]),
        REDIS_URL=stack.valkey.url(),
        SMTP_PORT=smtp_port,
        MAIL_RETURN_ADDRESS="bounces@terug.example",
    )
    jumping_clock.put(stack.clock, 0)
    postgres.create_cluster()
    try:
        await stack.start_postgres()
        await migrate_and_create_logins(postgres.url(DATABASE))
        await open_database(postgres.url(DATABASE))
        await stack.start_valkey()
        await asyncio.gather(*(stack.start_worker() for _ in range(workers)))
        yield stack
    finally:
        await close_database()
        await stack.stop()
