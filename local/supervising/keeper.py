"""Keeps one part of a stack running."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from local.console import say
from local.refusals import LocalStackError
from local.supervising.parts import Part
from local.supervising.running import Running, start

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
PAUSE = 0.2
START_PATIENCE = 60.0
STOP_PATIENCE = 10.0
BETWEEN_QUESTIONS = 0.05


class Keeper:
    """One part from its first start to its end.

    Args:
        part: What to run.
        logs: The folder of its log.
        mark: The environment that all processes of this stack have.
    """

    def __init__(self, part: Part, logs: Path, mark: Mapping[str, str]) -> None:
        self.part = part
        self._log = logs / f"{part.name}.log"
        self._mark = mark
        self._running: Running | None = None
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)

    async def live(self, up: asyncio.Event) -> None:
        """Starts the part, sets `up` when it is ready, and starts it again whenever it dies; never returns.

        Raises:
            LocalStackError: It died too often, or was not ready in time.
        """
        running = await self._ready()
        up.set()
        while True:
            await running.process.wait()
            running = await self._launch_again(running)
            say(f"{self.part.name} was started again.")

    async def _ready(self) -> Running:
        began = time.monotonic()
        running = await self._launch()
        while not await asyncio.to_thread(self._is_ready, running):
            if running.process.returncode is not None:
                running = await self._launch_again(running)
            elif time.monotonic() - began > START_PATIENCE:
                raise LocalStackError(
                    f"{self.part.name} was not ready within {START_PATIENCE:.0f} s:\n{running.tail()}"
                )
            await asyncio.sleep(BETWEEN_QUESTIONS)
        say(f"  {self.part.name:<20} ready after {time.monotonic() - began:.1f} s")
        return running

    async def stop(self) -> None:
        """Ends the part, in good order where it obeys."""
        if self._running is not None and not await self._running.end(self.part.stop_signal, STOP_PATIENCE):
            say(f"{self.part.name} did not stop within {STOP_PATIENCE:.0f} s and was killed.")

    def _is_ready(self, running: Running) -> bool:
        return self.part.says in running.said() and self.part.is_ready() and running.process.returncode is None

    async def _launch(self) -> Running:
        await asyncio.to_thread(self.part.before_start)
        environment = {**self.part.environment, **self._mark}
        self._running = await start(self.part.command, environment, self._log, self.part.last_signal)
        return self._running

    async def _launch_again(self, dead: Running) -> Running:
        code = dead.process.returncode
        say(f"{self.part.name} ended by itself (exit code {code}). The end of {self._log}:\n{dead.tail()}")
        self._deaths.append(time.monotonic())
        if len(self._deaths) == MOST_DEATHS and self._deaths[-1] - self._deaths[0] < WITHIN_SECONDS:
            raise LocalStackError(f"{self.part.name} ended {MOST_DEATHS} times in a minute; the stack stops.")
        await asyncio.sleep(PAUSE)
        return await self._launch()
