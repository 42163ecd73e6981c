"""The command line in a process of its own, with the environment of the test."""

import asyncio
import atexit
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from domain.database.privileges import DatabaseRole
from local.logins import LOGINS
from tests.commands.warm import Order
from tests.servers import TEST_LOGIN

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from cli import app; app()")


@dataclass(frozen=True)
class Result:
    """What a command said, and how it ended."""

    status: int
    said: str
    warned: str


@cache
def _orders() -> socket.socket:
    """Where commands are asked for of a process that this one starts once; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        warm = (sys.executable, "-m", "tests.commands.warm", str(theirs.fileno()))
        process = subprocess.Popen(warm, cwd=ROOT, pass_fds=(theirs.fileno(),))

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _as_operator() -> dict[str, str]:
    """The test's environment; whoever would connect with every role's privileges has the operator's alone."""
    url = os.environ.get("DATABASE_URL", "")
    return os.environ | {"DATABASE_URL": url.replace(f"user={TEST_LOGIN}", f"user={LOGINS[DatabaseRole.OPERATOR]}")}


async def econtracting(*arguments: str, given: str = "") -> Result:
    """Runs the command in a process of its own; `given` is what is typed into it."""
    ended, told = os.pipe()
    with TemporaryFile() as typed, TemporaryFile() as said, TemporaryFile() as warned:
        typed.write(given.encode())
        typed.seek(0)
        Order(arguments, _as_operator(), (typed.fileno(), said.fileno(), warned.fileno())).send(_orders(), told)
        os.close(told)
        status = int(await asyncio.to_thread(os.read, ended, 10))
        os.close(ended)
        for stream in (said, warned):
            stream.seek(0)
        return Result(status, said.read().decode(), warned.read().decode())


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
