"""The operator's commands about organisations: `econtracting organisation`."""

from typing import Annotated

import typer

organisation_app = typer.Typer(help="Organisations, as the enterprise register names them.", no_args_is_help=True)


@organisation_app.command("add")
def add_organisation(number: Annotated[str, typer.Argument(help="The enterprise number: 0123.456.749.")]) -> None:
    """Register an organisation, or bring it up to date with the enterprise register."""
    from commands.operating import operate
    from domain.actor import OPERATOR
    from domain.enterprise_number import shown
    from domain.rules.organisation_registration import register_organisation

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
