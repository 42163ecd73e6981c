"""The servers of `make bench-mail` on one core, and the processes that use them on another."""

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

from bench.waiting import wait_until
from domain.database.privileges import DatabaseRole
from local.keys import load_or_create_keys
from local.logins import LOGINS
from local.ports import reserve_ports
from local.servers.postgres import PostgresServer
from local.servers.valkey import ValkeyServer
from local.supervisor.parent_death import with_parent_death_signal

ROOT = Path(__file__).parents[2]
SENDER_CORE, SERVER_CORE = ("0", "1") if (os.cpu_count() or 1) > 1 else ("0", "0")
TIMEOUT = 600.0
HOST = "127.0.0.1"


class Count(NamedTuple):
    """Mails that the server accepted since its last reset, and the seconds from the first to the last and to now."""

    mails: int
    first_to_last: float
    since_first: float


@dataclass
class Stack:
    """PostgreSQL, Valkey and the counting mail server, and the environment of senders."""

    folder: Path
    postgres: PostgresServer
    environment: dict[str, str]

    def start(self, *command: str, core: str = SENDER_CORE) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # our own words
                with_parent_death_signal(("taskset", "-c", core, *command), signal.SIGTERM),
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    def run(self, module: str, *arguments: object, python: str | Path = sys.executable) -> None:
        """Runs a module of `bench.mail` to its end, on the core of senders."""
        status = self.start(str(python), "-m", f"bench.mail.{module}", *map(str, arguments)).wait(TIMEOUT)
        assert status == 0, (self.folder / "log").read_text()[-3000:]

    def output_of(self, module: str, *arguments: object) -> str:
        """Runs a module of `bench.mail` to its end, on the core of senders; returns what it prints."""
        command = ("taskset", "-c", SENDER_CORE, sys.executable, "-m", f"bench.mail.{module}", *map(str, arguments))
        output = subprocess.check_output(command, env=self.environment, cwd=ROOT, text=True)  # noqa: S603  # our own words
        return output.strip()

    def fetch_number(self, query: str) -> int:
        """The number that a query returns."""

        async def fetch() -> int:
            connection = await asyncpg.connect(self.postgres.url())
            try:
                return int(await connection.fetchval(query))
            finally:
                await connection.close()

        return asyncio.run(fetch())

    def send_command(self, command: str) -> list[str]:
        """Sends a command to the mail server; returns its reply, split at spaces."""
        with socket.create_connection((HOST, int(self.environment["SMTP_PORT"]))) as connection:
            replies = connection.makefile("rb")
            replies.readline()
            connection.sendall(f"{command}\r\n".encode())
            return replies.readline().decode().split()

    def reset_count(self) -> None:
        """Has the mail server count from zero."""
        self.send_command("XRESET")

    def count(self) -> Count:
        """What the mail server counted."""
        _, mails, first_to_last, since_first = self.send_command("XCOUNT")
        return Count(int(mails), float(first_to_last), float(since_first))


def _environment(folder: Path, postgres: PostgresServer, valkey: ValkeyServer, smtp_port: int) -> dict[str, str]:
    return os.environ | load_or_create_keys(folder / "keys") | {
        "ENVIRONMENT": "demo",
        "DATA_DIR": str(folder),
        "DATABASE_URL": postgres.url(user=LOGINS[DatabaseRole.WORKER]),
        "MIGRATION_DATABASE_URL": postgres.url(),
        "REDIS_URL": valkey.url(),
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(smtp_port),
        "SMTP_TLS": "none",
        "OIDC_ISSUER": "http://127.0.0.1:1",
        "OIDC_CLIENT_ID": "bench",
        # Enough to use every connection at once with the domains of the measured mails.
        "MAIL_DOMAIN_LINES": "4",
    }  # fmt: skip


@contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    for name in ("sockets", "valkey"):
        (folder / name).mkdir(mode=0o700)
    postgres = PostgresServer(folder / "postgres", folder / "sockets")
    valkey = ValkeyServer(folder / "valkey", folder / "sockets")
    postgres.create_cluster()
    with reserve_ports(HOST, 1) as (smtp_port,):
        stack = Stack(folder, postgres, _environment(folder, postgres, valkey, smtp_port))
        sink = (sys.executable, "-m", "bench.mail.counting_sink", str(smtp_port))
        servers = [stack.start(*command, core=SERVER_CORE) for command in (postgres.command(), valkey.command(), sink)]
        try:
            is_ready = wait_until(lambda: postgres.is_ready() and valkey.is_ready() and _listens(stack), TIMEOUT)
            assert is_ready, (folder / "log").read_text()[-3000:]
            yield stack
        finally:
            # SIGINT is PostgreSQL's fast shutdown: it doesn't wait for clients to disconnect.
            for process, number in zip(servers, (signal.SIGINT, signal.SIGTERM, signal.SIGTERM), strict=True):
                process.send_signal(number)
            for process in servers:
                process.wait(30)


def _listens(stack: Stack) -> bool:
    try:
        return bool(stack.send_command("NOOP"))
    except OSError:
        return False
