"""The operator's commands about the systems of contracting authorities: `econtracting authority`."""

from typing import Annotated

import typer

authority_app = typer.Typer(help="Systems that may use the API for a contracting authority.", no_args_is_help=True)
ClientId = Annotated[str, typer.Argument(metavar="CLIENT_ID", help="The client id in the identity provider's tokens.")]


@authority_app.command("add")
def add(
    client_id: ClientId,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The authority's enterprise number: 0123.456.749.")],
    name: Annotated[str, typer.Option(help="The name of the system in the audit log.")],
) -> None:
    """Give a system access for a contracting authority, or restore it."""
    from commands.runtime import run_with_database
    from domain.actor import OPERATOR
    from domain.rules.machine_client import add_machine_client

    client = run_with_database(
        add_machine_client(actor=OPERATOR, enterprise_number=number, client_id=client_id, name=name)
    )
    typer.echo(f"{client.client_id} can call the API as “{client.name}”.")


@authority_app.command("end")
def end(client_id: ClientId, reason: Annotated[str, typer.Option(help="The reason, for the audit log.")]) -> None:
    """End a system's access, from its next request on."""
    from commands.runtime import run_with_database
    from domain.actor import OPERATOR
    from domain.rules.machine_client import end_machine_client

    client = run_with_database(end_machine_client(actor=OPERATOR, client_id=client_id, reason=reason))
    typer.echo(f"{client.client_id} can no longer call the API.")


@authority_app.command("list")
def list_clients() -> None:
    """List all systems: client id, contracting authority, start and end of access."""
    from commands.runtime import run_with_database
    from domain.days import brussels_day
    from domain.enterprise_number import formatted
    from domain.rules.machine_client import machine_clients

    for client in run_with_database(machine_clients()):
        ended = f", ended {brussels_day(client.ended_at)}" if client.ended_at else ""
        authority = f"{formatted(client.organisation.enterprise_number)} {client.organisation.name}"
        typer.echo(f"{client.client_id}  “{client.name}”  {authority}  since {brussels_day(client.created_at)}{ended}")
