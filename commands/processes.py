"""The commands that run until they are stopped, and the migration that must run before them."""

from pathlib import Path
from typing import Annotated

import typer

Port = Annotated[
    int, typer.Option(envvar="PORT", min=1, max=65533, help="Port of the API; the next two are used as well.")
]
DataDir = Annotated[Path, typer.Option(envvar="DATA_DIR", help="Folder for all data.")]
DatabaseUrl = Annotated[
    str, typer.Option(envvar="DATABASE_URL", help="Use this PostgreSQL instead of the embedded one.")
]
RedisUrl = Annotated[
    str, typer.Option(envvar="REDIS_URL", help="Use this Valkey or Redis instead of the embedded one.")
]


def serve() -> None:
    """Serve the API and its pages."""
    from commands.checks.configuration import settings_or_exit

    configuration = settings_or_exit()
    from gql.app import create_app
    from gql.server import run_server
    from gql.shared_state import SharedState
    from logs import configure_logging
    from workers.doorbell import QueueDoorbell

    configure_logging()
    extra_routes = []
    if configuration.environment == "demo":
        from local.mailbox.routes import mailbox_routes

        extra_routes = mailbox_routes(configuration.data_dir / "mail")
    run_server(
        create_app(
            extra_routes, QueueDoorbell(str(configuration.redis_url)), SharedState(str(configuration.redis_url))
        ),
        configuration.host,
        configuration.port,
    )


def worker() -> None:
    """Send mails and run the periodic jobs."""
    from commands.checks.configuration import settings_or_exit

    settings_or_exit()
    from workers.run import run_worker

    run_worker()


def migrate() -> None:
    """Migrate the database and grant its roles their privileges."""
    import asyncio

    from commands.checks.configuration import settings_or_exit
    from commands.runtime import exit_without_database
    from domain.database.connection import migrate as migrate_database

    configuration = settings_or_exit()
    with exit_without_database():
        missing = asyncio.run(migrate_database(configuration.owner_url))
    for role in missing:
        typer.echo(
            f"The role {role} is missing, and the owner of the tables may make none. Have it made"
            f" (CREATE ROLE {role} NOLOGIN) and migrate again.",
            err=True,
        )


def demo(
    port: Port = 8000,
    data_dir: DataDir = Path(".local"),
    database_url: DatabaseUrl = "",
    redis_url: RedisUrl = "",
) -> None:
    """Run the whole stack on this machine, with demo people and data."""
    from local.console import exit_on_error
    from local.demo import run_demo

    with exit_on_error():
        run_demo(port, data_dir, database_url or None, redis_url or None)
