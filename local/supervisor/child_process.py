"""A child process of the supervisor: started with a log, stopped, and the end of what it wrote."""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import BinaryIO

from local.supervisor.parent_death import with_parent_death_signal

TAIL_LINES = 20
TAIL_BYTES = 16 * 1024
MAX_LOG_SIZE = 10 * 1024 * 1024


@dataclass(frozen=True)
class ChildProcess:
    """A started process, and the position in its log at which its own output begins."""

    process: Process
    log: Path
    log_start: int

    def output(self) -> str:
        """Its output, the last sixteen kilobytes at most."""
        with self.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self.log_start, end - TAIL_BYTES))
            return log.read().decode(errors="replace")

    def log_tail(self) -> str:
        """The last lines of its output, indented."""
        lines = self.output().splitlines()[-TAIL_LINES:]
        return "\n".join(f"    | {line}" for line in lines) or "    | (it wrote nothing)"

    async def stop(self, stop_signal: Signals, timeout: float) -> bool:  # noqa: ASYNC109  # of the process, not of this
        """Sends the signal, and kills the process after `timeout` seconds; returns whether it ended by itself."""
        with suppress(ProcessLookupError):
            self.process.send_signal(stop_signal)
        try:
            await asyncio.wait_for(self.process.wait(), timeout)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
            return False
        return True


async def spawn(
    command: tuple[str, ...], environment: Mapping[str, str], log: Path, parent_death_signal: Signals
) -> ChildProcess:
    """Starts a process in a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone.

    Args:
        command: The program and its arguments.
        environment: Variables that are added to this process's environment.
        log: The file that its output is appended to.
        parent_death_signal: The signal that it gets when this process is killed.
    """
    with _open_log(log) as out:
        log_start = out.tell()
        process = await asyncio.create_subprocess_exec(
            *with_parent_death_signal(command, parent_death_signal),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env={**os.environ, **environment},
        )
    return ChildProcess(process, log, log_start)


def _open_log(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > MAX_LOG_SIZE:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")
