"""The demo: the whole stack on one machine, on one data folder."""

import time
from pathlib import Path

from domain.database.privileges import DatabaseRole
from local.announcement import announcement
from local.console import print_line
from local.data_folder import DataFolder
from local.demo_environment import DemoPorts, demo_environment
from local.demo_services import demo_services, postgres_service, valkey_service
from local.logins import LOGINS
from local.ports import reserve_ports
from local.servers.postgres import PostgresServer
from local.servers.valkey import ValkeyServer
from local.stack import HOST, run_stack
from local.supervisor.services import Service, StartupTask


def run_demo(port: int, data_dir: Path, database_url: str | None, redis_url: str | None) -> None:
    """Runs the demo until a signal asks it to stop.

    Args:
        port: The API's port; the next two are the identity provider's and the SMTP sink's.
        data_dir: Where everything is written.
        database_url: A PostgreSQL to use instead of the embedded one.
        redis_url: A Valkey or Redis to use instead of the embedded one.

    Raises:
        LocalStackError: It can't start, or a service failed for good.
    """
    with reserve_ports(HOST, 2) as metrics_ports:
        _run(DemoPorts(port, *metrics_ports), data_dir, database_url, redis_url)


def _run(ports: DemoPorts, data_dir: Path, database_url: str | None, redis_url: str | None) -> None:
    start = time.monotonic()

    def build(folder: DataFolder, sockets: Path) -> list[Service | StartupTask]:
        postgres = PostgresServer(folder.postgres, sockets)
        valkey = ValkeyServer(folder.valkey, sockets)
        servers = [] if database_url else [postgres_service(postgres)]
        servers += [] if redis_url else [valkey_service(valkey)]
        users = {role: database_url or postgres.url(user=login) for role, login in LOGINS.items()}
        environment = demo_environment(ports, folder, users[DatabaseRole.OPERATOR], redis_url or valkey.url())
        if not database_url:
            environment = {**environment, "MIGRATION_DATABASE_URL": postgres.url()}
        return [*servers, *demo_services(ports, environment, users, tuple(server.name for server in servers))]

    def announce(folder: DataFolder) -> None:
        print_line(announcement(ports, folder, time.monotonic() - start))

    run_stack(data_dir, ports.by_service(), build, announce)
