"""Runs one service of a stack, and restarts it whenever it ends."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from local.console import print_line
from local.errors import LocalStackError
from local.supervisor.child_process import ChildProcess, spawn
from local.supervisor.services import Service

MAX_EXITS = 5
EXIT_WINDOW = 60.0
RESTART_DELAY = 0.2
START_TIMEOUT = 60.0
STOP_TIMEOUT = 10.0
POLL_INTERVAL = 0.05


class ServiceRunner:
    """Runs one service from its first start to its end.

    Args:
        service: The service.
        logs: The folder of its log.
        mark: The environment variable that marks all processes of this stack.
    """

    def __init__(self, service: Service, logs: Path, mark: Mapping[str, str]) -> None:
        self.service = service
        self._log = logs / f"{service.name}.log"
        self._mark = mark
        self._child: ChildProcess | None = None
        self._exits: deque[float] = deque(maxlen=MAX_EXITS)

    async def run(self, up: asyncio.Event) -> None:
        """Starts the service, sets `up` when it is ready, and restarts it whenever it ends; never returns.

        Raises:
            LocalStackError: It ended too often, or was not ready in time.
        """
        child = await self._start_until_ready()
        up.set()
        while True:
            await child.process.wait()
            child = await self._restart(child)
            print_line(f"{self.service.name} was started again.")

    async def _start_until_ready(self) -> ChildProcess:
        start = time.monotonic()
        child = await self._start()
        while not await asyncio.to_thread(self._is_ready, child):
            if child.process.returncode is not None:
                child = await self._restart(child)
            elif time.monotonic() - start > START_TIMEOUT:
                raise LocalStackError(
                    f"{self.service.name} was not ready within {START_TIMEOUT:.0f} s:\n{child.log_tail()}"
                )
            await asyncio.sleep(POLL_INTERVAL)
        print_line(f"  {self.service.name:<20} ready after {time.monotonic() - start:.1f} s")
        return child

    async def stop(self) -> None:
        """Stops the service; one that doesn't stop in time is killed."""
        if self._child is not None and not await self._child.stop(self.service.stop_signal, STOP_TIMEOUT):
            print_line(f"{self.service.name} did not stop within {STOP_TIMEOUT:.0f} s and was killed.")

    def _is_ready(self, child: ChildProcess) -> bool:
        return (
            self.service.ready_output in child.output() and self.service.is_ready() and child.process.returncode is None
        )

    async def _start(self) -> ChildProcess:
        await asyncio.to_thread(self.service.before_start)
        environment = {**self.service.environment, **self._mark}
        self._child = await spawn(self.service.command, environment, self._log, self.service.parent_death_signal)
        return self._child

    async def _restart(self, ended: ChildProcess) -> ChildProcess:
        code = ended.process.returncode
        print_line(
            f"{self.service.name} ended by itself (exit code {code}). The end of {self._log}:\n{ended.log_tail()}"
        )
        self._exits.append(time.monotonic())
        if len(self._exits) == MAX_EXITS and self._exits[-1] - self._exits[0] < EXIT_WINDOW:
            raise LocalStackError(f"{self.service.name} ended {MAX_EXITS} times in a minute; the stack stops.")
        await asyncio.sleep(RESTART_DELAY)
        return await self._start()
