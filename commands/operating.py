"""What the operator's commands stand on: a database, registers, and refusals that end with a message and status 1."""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from domain.database.connection import close_database, open_database
from domain.refusals import Refusal, Refusals
from logs import configure_logging
from registers.opening import opened_registers
from settings import settings
from wording import text

Done = TypeVar("Done")


def operate(work: Coroutine[Any, Any, Done], *, pool: int = 1) -> Done:
    """Does the work with the database and the registers of the settings.

    Args:
        work: What is to be done.
        pool: How many connections to the database it may use at the same time.

    Raises:
        typer.Exit: It was refused; why stands on the error output.
    """
    # The standard output is for what a command answers.
    configure_logging(sys.stderr, logging.WARNING)
    try:
        return asyncio.run(_with_everything(work, pool))
    except (Refusal, Refusals) as refused:
        for refusal in refused.refusals:
            typer.echo(f"{'.'.join(refusal.path)}: {worded(refusal)}", err=True)
        raise typer.Exit(1) from None


def worded(refusal: Refusal) -> str:
    """Why, in the operator's language, which is English."""
    return text("en", refusal.message, **refusal.facts)


def hidden(question: str) -> str:
    """What is typed without being shown, or the next line of the input: arguments would stand in the list of processes.

    Raises:
        typer.Exit: There is no such line.
    """
    if sys.stdin.isatty():
        answer: str = typer.prompt(question, hide_input=True)
        return answer
    line = sys.stdin.readline().strip()
    if not line:
        typer.echo(f"{question}: nothing was given.", err=True)
        raise typer.Exit(2)
    return line


async def _with_everything(work: Coroutine[Any, Any, Done], pool: int) -> Done:
    try:
        given = settings()
        await open_database(str(given.database_url), pool=pool)
        async with opened_registers(given):
            return await work
    finally:
        work.close()
        await close_database()
