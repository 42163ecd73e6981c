"""The commands of the demo's own services, which the supervisor runs."""

import typer

local_app = typer.Typer(help="The parts of the embedded stack.", no_args_is_help=True)


@local_app.command("sink")
def sink() -> None:
    """Receive mails and store them in the data folder."""
    import asyncio

    from local.mailbox.sink import serve_sink
    from settings import settings

    configuration = settings()
    asyncio.run(serve_sink(configuration.smtp_host, configuration.smtp_port, configuration.data_dir / "mail"))


@local_app.command("identity-provider")
def identity_provider() -> None:
    """Run the identity provider of the demo people."""
    import uvicorn

    from local.identity_provider.app import create_app
    from settings import settings

    configuration = settings()
    provider = create_app(
        issuer=configuration.oidc_issuer,
        folder=configuration.data_dir / "identity-provider",
        redirect_uris=(f"{configuration.public_url}/signin/callback",),
        client_secret=configuration.oidc_client_secret.get_secret_value(),
    )
    uvicorn.run(provider, host="127.0.0.1", port=configuration.port + 1, access_log=False, log_level="warning")


@local_app.command("database")
def database() -> None:
    """Migrate the database and load the demo data."""
    import asyncio

    from local.console import exit_on_error
    from local.demo_database import prepare_database
    from settings import settings

    with exit_on_error():
        # Only on the demo's own server the tables have an owner of their own.
        ours = settings().migration_database_url is not None
        asyncio.run(prepare_database(settings().owner_url, ours=ours))
