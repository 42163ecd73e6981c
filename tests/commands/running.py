"""The command line in a process of its own, with the environment of the test."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """What a command said, and how it ended."""

    status: int
    said: str
    warned: str


async def econtracting(*arguments: str, given: str = "") -> Done:
    """Runs the command; `given` is what is typed into it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from cli import app; app()",
        *arguments,
        cwd=ROOT,
        env=dict(os.environ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, warned = await process.communicate(given.encode())
    return Done(process.returncode or 0, said.decode(), warned.decode())
