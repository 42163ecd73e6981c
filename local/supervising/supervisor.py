"""Runs a stack: brings its parts up in order, keeps them up, and takes all of them down again."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from local.console import say
from local.refusals import LocalStackError
from local.supervising.keeper import Keeper
from local.supervising.leftovers import end_leftovers, marked
from local.supervising.parts import Part, Step
from local.supervising.running import start


class Supervisor:
    """One run of a stack.

    Args:
        stack: The parts and steps, each behind those that it comes after.
        folder: The data folder, whose name marks every process.
        logs: The folder of the logs.
        announce: Called once when everything is up.
    """

    def __init__(self, stack: Sequence[Part | Step], folder: Path, logs: Path, announce: Callable[[], None]) -> None:
        self._stack = stack
        self._folder = folder
        self._logs = logs
        self._announce = announce
        self._up = {item.name: asyncio.Event() for item in stack}
        self._keepers: dict[str, Keeper] = {}
        self._stopping = asyncio.Event()
        self._failures: list[BaseException] = []

    async def run(self) -> None:
        """Runs the stack until a signal asks it to stop, and leaves no process behind.

        Raises:
            LocalStackError: A part did not come up, or died too often; by then everything is stopped.
        """
        self._listen_to_signals()
        say(f"Starting in {self._folder}; logs in {self._logs}.")
        tasks = [asyncio.create_task(self._live(item)) for item in self._stack]
        tasks.append(asyncio.create_task(self._tell_when_up()))
        for task in tasks:
            task.add_done_callback(self._note_failure)
        await self._stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stop()
        if self._failures:
            raise self._failures[0]

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        wanted = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            wanted.append(signal.SIGHUP)
        for one in wanted:
            # They stay in place while we stop: `make` passes on what the terminal has sent us already.
            loop.add_signal_handler(one, self._stopping.set)

    def _note_failure(self, task: asyncio.Task[None]) -> None:
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            self._failures.append(failure)
            self._stopping.set()

    async def _live(self, item: Part | Step) -> None:
        for name in item.after:
            await self._up[name].wait()
        if isinstance(item, Step):
            await self._take(item)
            return
        keeper = self._keepers[item.name] = Keeper(item, self._logs, marked(self._folder))
        await keeper.live(self._up[item.name])

    async def _take(self, step: Step) -> None:
        environment = {**step.environment, **marked(self._folder)}
        running = await start(step.command, environment, self._logs / f"{step.name}.log", signal.SIGKILL)
        if await running.process.wait() != 0:
            raise LocalStackError(f"{step.name} failed. The end of {running.log}:\n{running.tail()}")
        say(f"  {step.name:<20} done")
        self._up[step.name].set()

    async def _tell_when_up(self) -> None:
        for up in self._up.values():
            await up.wait()
        self._announce()

    async def _stop(self) -> None:
        say("Stopping.")
        depths = self._depths()
        for depth in sorted(set(depths.values()), reverse=True):
            keepers = [keeper for name, keeper in self._keepers.items() if depths[name] == depth]
            await asyncio.gather(*(keeper.stop() for keeper in keepers))
        await asyncio.to_thread(end_leftovers, self._folder)

    def _depths(self) -> dict[str, int]:
        depths: dict[str, int] = {}
        for item in self._stack:
            depths[item.name] = 1 + max((depths[name] for name in item.after), default=0)
        return depths
