"""The operator's commands about people: `econtracting person`."""

from typing import Annotated

import typer

person_app = typer.Typer(help="Whose national register number is whose, and who is erased.", no_args_is_help=True)
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]


@person_app.command("renumber")
def renumber(reason: Reason) -> None:
    """Give a person another number. Both are asked for, or read from the input, one a line: the old, the new."""
    from commands.operating import hidden, operate
    from domain.actor import OPERATOR
    from domain.rules.person_correction import renumber_person

    old, new = hidden("Old number"), hidden("New number")
    done = operate(renumber_person(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Renumbered: {done.full_name}.")


@person_app.command("merge")
def merge(reason: Reason) -> None:
    """Make one person of two. Both numbers are asked for, or read from the input: who goes, who stays."""
    from commands.operating import hidden, operate
    from domain.actor import OPERATOR
    from domain.rules.person_correction import merge_people

    old, new = hidden("Number of who goes"), hidden("Number of who stays")
    done = operate(merge_people(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Merged: {done.full_name}.")


@person_app.command("erase")
def erase(reason: Annotated[str, typer.Option(help="Why, for the audit log; it stays, so name nobody.")]) -> None:
    """Erase who somebody is, for good. The number is asked for, or read from the input."""
    from commands.operating import hidden, operate
    from domain.actor import OPERATOR
    from domain.rules.person_erasure import erase_person

    operate(erase_person(actor=OPERATOR, number=hidden("Number"), reason=reason))
    typer.echo("Erased.")
