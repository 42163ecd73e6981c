"""The operator's commands about people: `econtracting person`."""

from typing import Annotated

import typer

person_app = typer.Typer(help="National register numbers of people, and erasure.", no_args_is_help=True)
Reason = Annotated[str, typer.Option(help="The reason, for the audit log.")]


@person_app.command("renumber")
def renumber(reason: Reason) -> None:
    """Replace a person's number. Prompts for both, or reads them from standard input, one per line: old, new."""
    from commands.operating import hidden, operate
    from domain.actor import OPERATOR
    from domain.rules.person_correction import renumber_person

    old, new = hidden("Old number"), hidden("New number")
    done = operate(renumber_person(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Renumbered: {done.full_name}.")


@person_app.command("merge")
def merge(reason: Reason) -> None:
    """Merge two people. Prompts for both numbers, or reads them from standard input: first the one to remove."""
    from commands.operating import hidden, operate
    from domain.actor import OPERATOR
    from domain.rules.person_correction import merge_people

    old, new = hidden("Number of who goes"), hidden("Number of who stays")
    done = operate(merge_people(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Merged: {done.full_name}.")


@person_app.command("erase")
def erase(
    reason: Annotated[str, typer.Option(help="The reason, for the audit log. It is kept, so don't name the person.")],
) -> None:
    """Erase a person's identity permanently. Prompts for the number, or reads it from standard input."""
    from commands.operating import hidden, operate
    from domain.actor import OPERATOR
    from domain.rules.person_erasure import erase_person

    operate(erase_person(actor=OPERATOR, number=hidden("Number"), reason=reason))
    typer.echo("Erased.")
