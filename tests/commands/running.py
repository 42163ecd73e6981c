"""Runs the command line in a process of its own, with the environment of the test."""

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
from tests.commands.fork_server import CommandRequest
from tests.servers import TEST_LOGIN

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from cli import app; app()")


@dataclass(frozen=True)
class CommandResult:
    """Exit status and output of a command."""

    status: int
    stdout: str
    stderr: str


@cache
def _fork_server() -> socket.socket:
    """The socket of the fork server, which this process starts once and which ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = (sys.executable, "-m", "tests.commands.fork_server", str(theirs.fileno()))
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=(theirs.fileno(),))

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _operator_environment() -> dict[str, str]:
    """The test's environment, with the operator's login instead of the one that has all roles."""
    url = os.environ.get("DATABASE_URL", "")
    return os.environ | {"DATABASE_URL": url.replace(f"user={TEST_LOGIN}", f"user={LOGINS[DatabaseRole.OPERATOR]}")}


async def econtracting(*arguments: str, stdin: str = "") -> CommandResult:
    """Runs the command in a process of its own with this standard input."""
    exit_status_reader, exit_status_writer = os.pipe()
    with TemporaryFile() as stdin_file, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin_file.write(stdin.encode())
        stdin_file.seek(0)
        CommandRequest(
            arguments, _operator_environment(), (stdin_file.fileno(), stdout.fileno(), stderr.fileno())
        ).send(_fork_server(), exit_status_writer)
        os.close(exit_status_writer)
        status = int(await asyncio.to_thread(os.read, exit_status_reader, 10))
        os.close(exit_status_reader)
        for stream in (stdout, stderr):
            stream.seek(0)
        return CommandResult(status, stdout.read().decode(), stderr.read().decode())


@asynccontextmanager
async def run_on_terminal(*arguments: str) -> AsyncIterator[Callable[[], str]]:
    """Runs the command with a terminal as its standard error; yields a function that returns the screen."""
    ours, theirs = os.openpty()
    os.set_blocking(ours, False)
    output = bytearray()

    def screen() -> str:
        with suppress(OSError):
            output.extend(os.read(ours, 65536))
        return output.decode(errors="replace")

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
        yield screen
        await process.communicate()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(ours)
