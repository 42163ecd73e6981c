"""The servers of the bench, on one core, and what it takes to start something beside them, on another."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import asyncpg

from bench.waiting import free_port, until
from domain.database.privileges import DatabaseRole
from local.keys import load_or_create_keys
from local.logins import LOGINS
from local.servers.postgres import PostgresServer
from local.servers.valkey import ValkeyServer
from local.supervisor.parent_death import with_parent_death_signal

ROOT = Path(__file__).parents[2]
SENDING, SERVING = ("0", "1") if (os.cpu_count() or 1) > 1 else ("0", "0")
PATIENCE = 600.0


class Count(NamedTuple):
    """Mails that the server took since it began anew, and the seconds from the first to the last, and to now."""

    mails: int
    seconds: float
    ago: float


@dataclass
class Stack:
    """PostgreSQL, Valkey and the counting mail server, and the environment of whoever sends."""

    folder: Path
    postgres: PostgresServer
    environment: dict[str, str]

    def start(self, *command: str, core: str = SENDING) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # our own words
                with_parent_death_signal(("taskset", "-c", core, *command), signal.SIGTERM),
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    def run(self, module: str, *words: object, python: str | Path = sys.executable) -> None:
        """Runs one of the bench's modules to its end, on the core of those who send."""
        ended = self.start(str(python), "-m", f"bench.mail.{module}", *map(str, words)).wait(PATIENCE)
        assert ended == 0, (self.folder / "log").read_text()[-3000:]

    def hear(self, module: str, *words: object) -> str:
        """What one of the bench's modules prints, on the core of those who send."""
        command = ("taskset", "-c", SENDING, sys.executable, "-m", f"bench.mail.{module}", *map(str, words))
        said = subprocess.check_output(command, env=self.environment, cwd=ROOT, text=True)  # noqa: S603  # our own words
        return said.strip()

    def ask(self, statement: str) -> int:
        """A number from the database."""

        async def asked() -> int:
            connection = await asyncpg.connect(self.postgres.url())
            try:
                return int(await connection.fetchval(statement))
            finally:
                await connection.close()

        return asyncio.run(asked())

    def say(self, word: str) -> list[str]:
        """Says a word to the mail server; answers the words of its reply."""
        with socket.create_connection(("127.0.0.1", int(self.environment["SMTP_PORT"]))) as line:
            replies = line.makefile("rb")
            replies.readline()
            line.sendall(f"{word}\r\n".encode())
            return replies.readline().decode().split()

    def count(self) -> Count:
        """What the mail server counted."""
        _, mails, seconds, ago = self.say("XCOUNT")
        return Count(int(mails), float(seconds), float(ago))


def _environment(folder: Path, postgres: PostgresServer, valkey: ValkeyServer) -> dict[str, str]:
    return os.environ | load_or_create_keys(folder / "keys") | {
        "ENVIRONMENT": "demo",
        "DATA_DIR": str(folder),
        "DATABASE_URL": postgres.url(user=LOGINS[DatabaseRole.WORKER]),
        "MIGRATION_DATABASE_URL": postgres.url(),
        "REDIS_URL": valkey.url(),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(free_port()),
        "SMTP_TLS": "none",
        "OIDC_ISSUER": "http://127.0.0.1:1",
        "OIDC_CLIENT_ID": "bench",
        # Enough for the measured domains' mails to go down every line at once.
        "MAIL_DOMAIN_LINES": "4",
    }  # fmt: skip


@contextmanager
def a_stack(folder: Path) -> Iterator[Stack]:
    for name in ("sockets", "valkey"):
        (folder / name).mkdir(mode=0o700)
    postgres = PostgresServer(folder / "postgres", folder / "sockets")
    valkey = ValkeyServer(folder / "valkey", folder / "sockets")
    postgres.create_cluster()
    stack = Stack(folder, postgres, _environment(folder, postgres, valkey))
    sink = (sys.executable, "-m", "bench.mail.sink", stack.environment["SMTP_PORT"])
    running = [stack.start(*command, core=SERVING) for command in (postgres.command(), valkey.command(), sink)]
    try:
        there = until(lambda: postgres.is_ready() and valkey.is_ready() and _listens(stack), PATIENCE)
        assert there, (folder / "log").read_text()[-3000:]
        yield stack
    finally:
        # To PostgreSQL it means: whoever is connected or not.
        for process, number in zip(running, (signal.SIGINT, signal.SIGTERM, signal.SIGTERM), strict=True):
            process.send_signal(number)
        for process in running:
            process.wait(30)


def _listens(stack: Stack) -> bool:
    try:
        return bool(stack.say("NOOP"))
    except OSError:
        return False
