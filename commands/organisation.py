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

    _print_registration(run_with_database(register_organisation(actor=OPERATOR, enterprise_number=number)))


@organisation_app.command("refresh")
def refresh() -> None:
    """Update all organisations from the enterprise register; run it every night."""
    from commands.runtime import run_with_database

    unknown = run_with_database(_refresh())
    if unknown:
        raise typer.Exit(1)


async def _refresh() -> int:
    """Updates all organisations; returns how many of them the register doesn't know any more."""
    from domain.actor import OPERATOR
    from domain.enterprise_number import formatted
    from domain.rules.organisation_registration import refresh_organisations

    unknown = 0
    async for result in refresh_organisations(actor=OPERATOR):
        if isinstance(result, str):
            unknown += 1
            typer.echo(f"Warning: the register doesn't know {formatted(result)} any more; it stays as it is.", err=True)
        else:
            _print_registration(result)
    return unknown


def _print_registration(registration: "Registration") -> None:
    from domain.enterprise_number import formatted

    organisation = registration.organisation
    number = formatted(organisation.enterprise_number)
    typer.echo(
        f"{'Registered' if registration.created else 'Up to date'}: {organisation.name}, {number}, {organisation.kind}."
        f" Legal representatives: {registration.representatives}"
        f" ({registration.mandates_begun} came, {registration.mandates_ended} left)."
    )
    if not registration.representatives:
        typer.echo(
            f"Warning: the register names no legal representative of {number}, so nobody can appoint a main access"
            " manager.",
            err=True,
        )
