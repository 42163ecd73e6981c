"""The parts of the demo, in the order in which they need each other."""

import sysconfig
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from signal import Signals

from domain.database.privileges import DatabaseRole
from local.demo_environment import DemoPorts
from local.servers.postgres import PostgresServer
from local.servers.readiness import answers_http, greets_mail
from local.servers.valkey import ValkeyServer
from local.stack import HOST
from local.supervising.leftovers import end_postgres_of
from local.supervising.parts import Part, Step

Environment = Mapping[str, str]


def our_command(*words: str) -> tuple[str, ...]:
    """The command `econtracting` of this installation, with these words."""
    return (str(Path(sysconfig.get_path("scripts")) / "econtracting"), *words)


def postgres_part(server: PostgresServer) -> Part:
    """PostgreSQL; a killed one's remains are cleared away first."""

    def before_start() -> None:
        end_postgres_of(server.folder)
        server.make()
        server.forget_last_run()

    return Part(
        name="postgres",
        command=server.command(),
        before_start=before_start,
        is_ready=server.is_ready,
        # Doesn't wait for its clients.
        stop_signal=Signals.SIGINT,
        last_signal=Signals.SIGINT,
    )


def valkey_part(server: ValkeyServer) -> Part:
    """Valkey, which writes its file when asked to end, by whomever."""
    return Part(name="valkey", command=server.command(), is_ready=server.is_ready, last_signal=Signals.SIGTERM)


def demo_parts(
    ports: DemoPorts, environment: Environment, users: Mapping[DatabaseRole, str], servers: tuple[str, ...]
) -> list[Part | Step]:
    """Everything but the database and the queue.

    Args:
        ports: Where they listen.
        environment: Every setting.
        users: The database's address for each role; none but the step that migrates learns its owner's.
        servers: The names of the parts that are the database and the queue, where they are ours.
    """
    programs = {name: value for name, value in environment.items() if name != "MIGRATION_DATABASE_URL"}
    return [
        Part(
            name="smtp-sink",
            command=our_command("local", "sink"),
            environment=programs,
            is_ready=partial(greets_mail, HOST, ports.smtp_sink),
        ),
        Part(
            name="identity-provider",
            command=our_command("local", "identity-provider"),
            environment=programs,
            is_ready=partial(answers_http, f"{ports.issuer}/.well-known/openid-configuration"),
        ),
        Step(
            name="database",
            command=our_command("local", "database"),
            after=servers[:1],
            environment=environment,
        ),
        Part(
            name="api",
            command=our_command("serve"),
            after=("database", "identity-provider", *servers),
            environment={**programs, "DATABASE_URL": users[DatabaseRole.API], "METRICS_PORT": str(ports.api_metrics)},
            is_ready=partial(answers_http, f"{ports.public_url}/health/ready"),
        ),
        Part(
            name="worker",
            command=our_command("worker"),
            after=("database", "smtp-sink", *servers),
            environment={
                **programs,
                "DATABASE_URL": users[DatabaseRole.WORKER],
                "METRICS_PORT": str(ports.worker_metrics),
            },
            says="worker_started",
        ),
    ]
