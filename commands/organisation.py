"""The operator's commands about organisations: `econtracting organisation`."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.rules.organisation_registration import Registration

organisation_app = typer.Typer(help="Organisations, from the enterprise register.", no_args_is_help=True)


@organisation_app.command("add")
def add_organisation(number: Annotated[str, typer.Argument(help="The enterprise number: 0123.456.749.")]) -> None:
    """Register an organisation from the enterprise register, or update it."""
    from commands.runtime import run_with_database
    from domain.actor import OPERATOR
    from domain.rules.organisation_registration import register_organisation

    _tell(run_with_database(register_organisation(actor=OPERATOR, enterprise_number=number)))


@organisation_app.command("refresh")
def refresh() -> None:
    """Update all organisations from the enterprise register; run it every night."""
    from commands.runtime import run_with_database

    unknown = run_with_database(_refreshed())
    if unknown:
        raise typer.Exit(1)


async def _refreshed() -> int:
    """How many organisations the register doesn't know any more."""
    from domain.actor import OPERATOR
    from domain.enterprise_number import formatted
    from domain.rules.organisation_registration import refresh_organisations

    unknown = 0
    async for found in refresh_organisations(actor=OPERATOR):
        if isinstance(found, str):
            unknown += 1
            typer.echo(f"Warning: the register doesn't know {formatted(found)} any more; it stays as it is.", err=True)
        else:
            _tell(found)
    return unknown


def _tell(done: "Registration") -> None:
    from domain.enterprise_number import formatted

    organisation = done.organisation
    number = formatted(organisation.enterprise_number)
    typer.echo(
        f"{'Registered' if done.created else 'Up to date'}: {organisation.name}, {number}, {organisation.kind}."
        f" Legal representatives: {done.representatives} ({done.mandates_begun} came, {done.mandates_ended} left)."
    )
    if not done.representatives:
        typer.echo(
            f"Warning: the register names no legal representative of {number}, so nobody can appoint a main access"
            " manager.",
            err=True,
        )
