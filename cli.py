"""The command `econtracting`: the API, the worker, the migrations, the demo."""

from pathlib import Path
from typing import Annotated

import typer

from local.commands import local_app

Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65533, help="The API's; the next two are used too.")]
DataDir = Annotated[Path, typer.Option(envvar="DATA_DIR", help="Where everything is written.")]
DatabaseUrl = Annotated[str, typer.Option(envvar="DATABASE_URL", help="Another PostgreSQL than our own.")]
RedisUrl = Annotated[str, typer.Option(envvar="REDIS_URL", help="Another Valkey or Redis than our own.")]

app = typer.Typer(
    help="e-Contracting Access: who may do what on which public contract.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(local_app, name="local", hidden=True)
organisation_app = typer.Typer(help="Organisations, as the enterprise register names them.", no_args_is_help=True)
app.add_typer(organisation_app, name="organisation")


@app.command()
def serve() -> None:
    """Answer the API and its pages."""
    import uvicorn

    from gql.app import create_app
    from logs import configure_logging
    from settings import settings
    from workers.doorbell import QueueDoorbell

    configure_logging()
    given = settings()
    extra_routes = []
    if given.environment == "demo":
        from local.mailbox import mailbox_routes

        extra_routes = mailbox_routes(given.data_dir / "mail")
    uvicorn.run(
        create_app(extra_routes, QueueDoorbell(str(given.redis_url))),
        host=given.host,
        port=given.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


@app.command()
def worker() -> None:
    """Send the notifications that are due."""
    from workers.run import run_worker

    run_worker()


@app.command()
def migrate() -> None:
    """Bring the database to its newest form."""
    import asyncio

    from domain.database import migrate as migrate_database
    from settings import settings

    asyncio.run(migrate_database(str(settings().database_url)))


@app.command()
def demo(
    port: Port = 8000,
    data_dir: DataDir = Path(".local"),
    database_url: DatabaseUrl = "",
    redis_url: RedisUrl = "",
) -> None:
    """Run the whole stack on this machine, with demo people and data."""
    from local.console import told
    from local.demo import run_demo

    with told():
        run_demo(port, data_dir, database_url or None, redis_url or None)


@organisation_app.command("add")
def add_organisation(number: Annotated[str, typer.Argument(help="The enterprise number: 0123.456.749.")]) -> None:
    """Register an organisation, or bring it up to date with the enterprise register."""
    from domain.actor import OPERATOR
    from domain.enterprise_number import shown
    from domain.rules.organisation_registration import register_organisation
    from operating import operate

    done = operate(register_organisation(actor=OPERATOR, enterprise_number=number))
    organisation = done.organisation
    typer.echo(
        f"{'Registered' if done.made else 'Up to date'}: {organisation.name}, {shown(organisation.enterprise_number)},"
        f" {organisation.kind}. Legal representatives: {done.represented_by} ({done.came} came, {done.left} left)."
    )
    if not done.represented_by:
        typer.echo(
            "Warning: the register names no legal representative, so nobody can appoint a main access manager.",
            err=True,
        )
