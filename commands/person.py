"""The operator's commands about people: `econtracting person`."""

from typing import Annotated

import typer

person_app = typer.Typer(help="National register numbers of people, and erasure.", no_args_is_help=True)
Reason = Annotated[str, typer.Option(help="The reason, for the audit log.")]


@person_app.command("renumber")
def renumber(reason: Reason) -> None:
    """Replace a person's number. Prompts for both, or reads them from standard input, one per line: old, new."""
    from commands.runtime import prompt_hidden, run_with_database
    from domain.actor import OPERATOR
    from domain.rules.person_correction import renumber_person

    old, new = prompt_hidden("Old number"), prompt_hidden("New number")
    user = run_with_database(renumber_person(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Renumbered: {user.full_name}.")


@person_app.command("merge")
def merge(reason: Reason) -> None:
    """Merge two people. Prompts for both numbers, or reads them from standard input: first the one to remove."""
    from commands.runtime import prompt_hidden, run_with_database
    from domain.actor import OPERATOR
    from domain.rules.person_correction import merge_people

    old, new = prompt_hidden("Number of who goes"), prompt_hidden("Number of who stays")
    user = run_with_database(merge_people(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Merged: {user.full_name}.")


@person_app.command("erase")
def erase(
    reason: Annotated[str, typer.Option(help="The reason, for the audit log. It is kept, so don't name the person.")],
) -> None:
    """Erase a person's identity permanently. Prompts for the number, or reads it from standard input."""
    from commands.runtime import prompt_hidden, run_with_database
    from domain.actor import OPERATOR
    from domain.rules.person_erasure import erase_person

    run_with_database(erase_person(actor=OPERATOR, number=prompt_hidden("Number"), reason=reason))
    typer.echo("Erased.")
