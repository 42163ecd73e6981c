"""The demo: the whole stack on one machine, on one data folder."""

import time
from pathlib import Path

from domain.database.privileges import DatabaseRole
from local.announcement import announcement
from local.console import say
from local.data_folder import DataFolder
from local.demo_environment import DemoPorts, demo_environment
from local.demo_stack import demo_parts, postgres_part, valkey_part
from local.logins import LOGINS
from local.ports import held_ports
from local.servers.postgres import PostgresServer
from local.servers.valkey import ValkeyServer
from local.stack import HOST, run_stack
from local.supervising.parts import Part, Step


def run_demo(port: int, data_dir: Path, database_url: str | None, redis_url: str | None) -> None:
    """Runs the demo until a signal asks it to stop.

    Args:
        port: The API's; the two after it are the identity provider's and the SMTP sink's.
        data_dir: Where everything is written.
        database_url: A PostgreSQL to use in place of our own.
        redis_url: A Valkey or Redis to use in place of our own.

    Raises:
        LocalStackError: It cannot start, or a part failed for good.
    """
    with held_ports(HOST, 2) as metrics:
        _run(DemoPorts(port, *metrics), data_dir, database_url, redis_url)


def _run(ports: DemoPorts, data_dir: Path, database_url: str | None, redis_url: str | None) -> None:
    began = time.monotonic()

    def build(folder: DataFolder, sockets: Path) -> list[Part | Step]:
        postgres = PostgresServer(folder.postgres, sockets)
        valkey = ValkeyServer(folder.valkey, sockets)
        servers = [] if database_url else [postgres_part(postgres)]
        servers += [] if redis_url else [valkey_part(valkey)]
        users = {role: database_url or postgres.url(user=login) for role, login in LOGINS.items()}
        environment = demo_environment(ports, folder, users[DatabaseRole.OPERATOR], redis_url or valkey.url())
        if not database_url:
            environment = {**environment, "MIGRATION_DATABASE_URL": postgres.url()}
        return [*servers, *demo_parts(ports, environment, users, tuple(server.name for server in servers))]

    def announce(folder: DataFolder) -> None:
        say(announcement(ports, folder, time.monotonic() - began))

    run_stack(data_dir, ports.named(), build, announce)
