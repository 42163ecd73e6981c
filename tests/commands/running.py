"""The command line in a process of its own, with the environment of the test."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from cli import app; app()")


@dataclass(frozen=True)
class Done:
    """What a command said, and how it ended."""

    status: int
    said: str
    warned: str


async def econtracting(*arguments: str, given: str = "") -> Done:
    """Runs the command; `given` is what is typed into it."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        cwd=ROOT,
        env=dict(os.environ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, warned = await process.communicate(given.encode())
    return Done(process.returncode or 0, said.decode(), warned.decode())


@asynccontextmanager
async def on_a_terminal(*arguments: str) -> AsyncIterator[Callable[[], str]]:
    """Runs the command with its warnings on a terminal, and waits for its end; gives what stands there so far."""
    ours, theirs = os.openpty()
    os.set_blocking(ours, False)
    seen = bytearray()

    def shown() -> str:
        with suppress(OSError):
            seen.extend(os.read(ours, 65536))
        return seen.decode(errors="replace")

    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        cwd=ROOT,
        env=os.environ | {"TERM": "xterm"},
        stdout=asyncio.subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        yield shown
        await process.communicate()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(ours)
