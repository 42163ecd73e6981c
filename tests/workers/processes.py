"""Real processes: a worker as it runs in production, and a Valkey that can be taken away."""

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

WORK = "from workers.run import run_worker; run_worker()"
BELL_ALONE = """
import asyncio, workers.run
workers.run.sweep_forever = lambda _dispatcher: asyncio.Event().wait()
"""
"""Has a worker do nothing that nobody rang for."""
_serial = count(1)


@dataclass
class Process:
    """A process of ours and what it has said."""

    running: subprocess.Popen[bytes]
    log: Path

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of its log; every one is JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def said(self, event: str) -> bool:
        return any(line["event"] == event for line in self.events)

    async def end(self, number: signal.Signals) -> int:
        """Sends a signal, waits, and answers how it ended."""
        if self.running.poll() is None:
            self.running.send_signal(number)
        return await asyncio.to_thread(self.running.wait, 60)


def started(
    command: tuple[str, ...],
    said: IO[bytes],
    parent_death_signal: signal.Signals = signal.SIGKILL,
    fds: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """The command at work, with these open files of ours; it ends with this process."""
    return subprocess.Popen(
        with_parent_death_signal(command, parent_death_signal), stdout=said, stderr=subprocess.STDOUT, pass_fds=fds
    )


@asynccontextmanager
async def a_worker(folder: Path, before: str = "") -> AsyncIterator[Process]:
    """A worker in the environment of the test, which runs `before` first; killed in the end, if it is still there."""
    log = folder / f"worker-{next(_serial)}.log"
    with log.open("wb") as said:
        running = started((sys.executable, "-c", f"{before}\n{WORK}"), said)
    process = Process(running, log)
    try:
        await eventually(lambda: process.said("worker_started") or running.poll() is not None)
        assert running.poll() is None, log.read_text()
        yield process
    finally:
        await process.end(signal.SIGKILL)


@asynccontextmanager
async def a_valkey(server: ValkeyServer) -> AsyncIterator[Process]:
    """A Valkey of this test's own, killed in the end."""
    log = server.folder / "valkey.log"
    with log.open("wb") as said:
        process = Process(started(server.command(), said), log)
    try:
        await eventually(server.is_ready)
        yield process
    finally:
        await process.end(signal.SIGKILL)
