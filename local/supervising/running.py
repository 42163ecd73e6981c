"""One process of a part: started with its log, asked to end, and what it said last."""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import BinaryIO

from local.supervising.tether import tethered

TAIL_LINES = 20
TAIL_BYTES = 16 * 1024
LARGEST_LOG = 10 * 1024 * 1024


@dataclass(frozen=True)
class Running:
    """A started process, and where in its log it began to speak."""

    process: Process
    log: Path
    log_start: int

    def said(self) -> str:
        """What it wrote itself, its last sixteen kilobytes at most."""
        with self.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self.log_start, end - TAIL_BYTES))
            return log.read().decode(errors="replace")

    def tail(self) -> str:
        """The last lines that it wrote itself, indented."""
        lines = self.said().splitlines()[-TAIL_LINES:]
        return "\n".join(f"    | {line}" for line in lines) or "    | (it wrote nothing)"

    async def end(self, stop_signal: Signals, patience: float) -> bool:
        """Asks it to end, and ends it after `patience` seconds; answers whether it obeyed."""
        with suppress(ProcessLookupError):
            self.process.send_signal(stop_signal)
        try:
            await asyncio.wait_for(self.process.wait(), patience)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
            return False
        return True


def _opened(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


async def start(command: tuple[str, ...], environment: Mapping[str, str], log: Path, last_signal: Signals) -> Running:
    """Starts a process in a group of its own, so that Ctrl-C in the terminal reaches the supervisor alone.

    Args:
        command: The program and its words.
        environment: What it finds in its environment beside ours.
        log: The file that what it writes is added to.
        last_signal: What it gets when this process is killed.
    """
    with _opened(log) as out:
        log_start = out.tell()
        process = await asyncio.create_subprocess_exec(
            *tethered(command, last_signal),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env={**os.environ, **environment},
        )
    return Running(process, log, log_start)
