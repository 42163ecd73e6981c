"""The services of the demo, in the order of their dependencies."""

import sysconfig
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from signal import Signals

from domain.database.privileges import DatabaseRole
from local.demo_environment import DemoPorts
from local.servers.postgres import PostgresServer
from local.servers.readiness import answers_http, answers_smtp
from local.servers.valkey import ValkeyServer
from local.stack import HOST
from local.supervisor.orphans import terminate_postgres_in
from local.supervisor.services import Service, StartupTask

Environment = Mapping[str, str]


def econtracting_command(*arguments: str) -> tuple[str, ...]:
    """The command `econtracting` of this installation, with arguments."""
    return (str(Path(sysconfig.get_path("scripts")) / "econtracting"), *arguments)


def postgres_service(server: PostgresServer) -> Service:
    """PostgreSQL; what a killed one left behind is removed before it starts."""

    def before_start() -> None:
        terminate_postgres_in(server.folder)
        server.create_cluster()
        server.remove_stale_files()

    return Service(
        name="postgres",
        command=server.command(),
        before_start=before_start,
        is_ready=server.is_ready,
        # A fast shutdown, which doesn't wait for its clients.
        stop_signal=Signals.SIGINT,
        parent_death_signal=Signals.SIGINT,
    )


def valkey_service(server: ValkeyServer) -> Service:
    """Valkey, which gets SIGTERM when the supervisor is killed, so that it writes its file."""
    return Service(
        name="valkey", command=server.command(), is_ready=server.is_ready, parent_death_signal=Signals.SIGTERM
    )


def demo_services(
    ports: DemoPorts, environment: Environment, users: Mapping[DatabaseRole, str], servers: tuple[str, ...]
) -> list[Service | StartupTask]:
    """Every service and task but the embedded servers.

    Args:
        ports: Their ports.
        environment: Every setting.
        users: The database's URL for each role; only the task `database` gets that of the owner.
        servers: The names of the embedded servers, which everything that uses them waits for.
    """
    service_environment = {name: value for name, value in environment.items() if name != "MIGRATION_DATABASE_URL"}
    return [
        Service(
            name="smtp-sink",
            command=econtracting_command("local", "sink"),
            environment=service_environment,
            is_ready=partial(answers_smtp, HOST, ports.smtp_sink),
        ),
        Service(
            name="identity-provider",
            command=econtracting_command("local", "identity-provider"),
            environment=service_environment,
            is_ready=partial(answers_http, f"{ports.issuer}/.well-known/openid-configuration"),
        ),
        StartupTask(
            name="database",
            command=econtracting_command("local", "database"),
            depends_on=servers,
            environment=environment,
        ),
        Service(
            name="api",
            command=econtracting_command("serve"),
            depends_on=("database", "identity-provider", *servers),
            environment={
                **service_environment,
                "DATABASE_URL": users[DatabaseRole.API],
                "METRICS_PORT": str(ports.api_metrics),
            },
            is_ready=partial(answers_http, f"{ports.public_url}/health/ready"),
        ),
        Service(
            name="worker",
            command=econtracting_command("worker"),
            depends_on=("database", "smtp-sink", *servers),
            environment={
                **service_environment,
                "DATABASE_URL": users[DatabaseRole.WORKER],
                "METRICS_PORT": str(ports.worker_metrics),
            },
            ready_output="worker_started",
        ),
    ]
