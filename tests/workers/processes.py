"""Real processes: a worker as it runs in production, and a Valkey that can be stopped."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

from local.servers.valkey import ValkeyServer
from local.supervisor.parent_death import with_parent_death_signal
from tests.workers.events import eventually

RUN_WORKER = "from workers.run import run_worker; run_worker()"
WITHOUT_SWEEP = """
import asyncio, workers.run
workers.run.sweep_forever = lambda _dispatcher: asyncio.Event().wait()
"""
"""Runs before a worker: disables its sweep, so that only the queue makes it work."""
_serial = count(1)


@dataclass
class Process:
    """A process started by a test, and its log."""

    running: subprocess.Popen[bytes]
    log: Path

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of its log, each a JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def has_logged(self, event: str) -> bool:
        return any(line["event"] == event for line in self.events)

    async def end(self, number: signal.Signals) -> int:
        """Sends a signal, waits for the end of the process, and returns its exit code."""
        if self.running.poll() is None:
            self.running.send_signal(number)
        return await asyncio.to_thread(self.running.wait, 60)


def start_process(
    command: tuple[str, ...],
    log_file: IO[bytes],
    parent_death_signal: signal.Signals = signal.SIGKILL,
    fds: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Starts the command, which inherits these file descriptors and ends with this process."""
    return subprocess.Popen(
        with_parent_death_signal(command, parent_death_signal), stdout=log_file, stderr=subprocess.STDOUT, pass_fds=fds
    )


@asynccontextmanager
async def a_worker(folder: Path, before: str = "") -> AsyncIterator[Process]:
    """A worker in the environment of the test, which runs the code `before` first; killed at the end."""
    log = folder / f"worker-{next(_serial)}.log"
    with log.open("wb") as log_file:
        running = start_process((sys.executable, "-c", f"{before}\n{RUN_WORKER}"), log_file)
    process = Process(running, log)
    try:
        await eventually(lambda: process.has_logged("worker_started") or running.poll() is not None)
        assert running.poll() is None, log.read_text()
        yield process
    finally:
        await process.end(signal.SIGKILL)


@asynccontextmanager
async def a_valkey(server: ValkeyServer) -> AsyncIterator[Process]:
    """A Valkey of this test's own, killed at the end."""
    log = server.folder / "valkey.log"
    with log.open("wb") as log_file:
        process = Process(start_process(server.command(), log_file), log)
    try:
        await eventually(server.is_ready)
        yield process
    finally:
        await process.end(signal.SIGKILL)
