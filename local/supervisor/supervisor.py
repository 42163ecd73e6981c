"""Supervises a stack: starts its services in order, restarts them when they end, and stops them all."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from local.console import print_line
from local.errors import LocalStackError
from local.supervisor.child_process import spawn
from local.supervisor.orphans import process_mark, terminate_orphans
from local.supervisor.service_runner import ServiceRunner
from local.supervisor.services import Service, StartupTask


class Supervisor:
    """One run of a stack.

    Args:
        stack: The services and tasks, each behind those that it depends on.
        folder: The data folder, whose name marks every process.
        logs: The folder of the logs.
        announce: Called once when everything is up.
    """

    def __init__(
        self, stack: Sequence[Service | StartupTask], folder: Path, logs: Path, announce: Callable[[], None]
    ) -> None:
        self._stack = stack
        self._folder = folder
        self._logs = logs
        self._announce = announce
        self._up = {item.name: asyncio.Event() for item in stack}
        self._runners: dict[str, ServiceRunner] = {}
        self._stopping = asyncio.Event()
        self._failures: list[BaseException] = []

    async def run(self) -> None:
        """Runs the stack until a signal asks it to stop, and leaves no process behind.

        Raises:
            LocalStackError: A service did not start, or ended too often; by then everything is stopped.
        """
        self._handle_signals()
        print_line(f"Starting in {self._folder}; logs in {self._logs}.")
        tasks = [asyncio.create_task(self._run(item)) for item in self._stack]
        tasks.append(asyncio.create_task(self._announce_when_up()))
        for task in tasks:
            task.add_done_callback(self._record_failure)
        await self._stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stop()
        if self._failures:
            raise self._failures[0]

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        signals = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signals.append(signal.SIGHUP)
        for number in signals:
            # The handlers stay in place while we stop: `make` passes on what the terminal has sent us already.
            loop.add_signal_handler(number, self._stopping.set)

    def _record_failure(self, task: asyncio.Task[None]) -> None:
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            self._failures.append(failure)
            self._stopping.set()

    async def _run(self, item: Service | StartupTask) -> None:
        for name in item.depends_on:
            await self._up[name].wait()
        if isinstance(item, StartupTask):
            await self._run_task(item)
            return
        runner = self._runners[item.name] = ServiceRunner(item, self._logs, process_mark(self._folder))
        await runner.run(self._up[item.name])

    async def _run_task(self, task: StartupTask) -> None:
        environment = {**task.environment, **process_mark(self._folder)}
        child = await spawn(task.command, environment, self._logs / f"{task.name}.log", signal.SIGKILL)
        if await child.process.wait() != 0:
            raise LocalStackError(f"{task.name} failed. The end of {child.log}:\n{child.log_tail()}")
        print_line(f"  {task.name:<20} done")
        self._up[task.name].set()

    async def _announce_when_up(self) -> None:
        for up in self._up.values():
            await up.wait()
        self._announce()

    async def _stop(self) -> None:
        """Stops the services in the reverse order of their dependencies."""
        print_line("Stopping.")
        depths = self._depths()
        for depth in sorted(set(depths.values()), reverse=True):
            runners = [runner for name, runner in self._runners.items() if depths[name] == depth]
            await asyncio.gather(*(runner.stop() for runner in runners))
        await asyncio.to_thread(terminate_orphans, self._folder)

    def _depths(self) -> dict[str, int]:
        """How many dependencies stand before each service and task, counted along the longest chain."""
        depths: dict[str, int] = {}
        for item in self._stack:
            depths[item.name] = 1 + max((depths[name] for name in item.depends_on), default=0)
        return depths
