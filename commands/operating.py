"""What the operator's commands stand on: a database, registers, and refusals that end with a message and status 1."""

import asyncio
import logging
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, Final, TypeVar

import asyncpg
import typer
from tortoise.exceptions import DBConnectionError

from commands.checks.configuration import settings_or_end
from domain.database.connection import close_database, open_database
from domain.database.readiness import has_required_migrations
from domain.refusals import NotFound, Refusal, Refusals
from logs import configure_logging
from registers.lifespan import open_registers
from wording import text

Done = TypeVar("Done")
_AWAY: Final = (
    OSError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""How a database fails that isn't there, lets nobody in, stops, or has no room for one more."""


class ExitStatus(IntEnum):
    """The numbers that commands end with; those above 2 are what mail servers read (sysexits)."""

    REFUSED = 1
    NO_INPUT = 66
    TRY_AGAIN = 75


def operate(work: Coroutine[Any, Any, Done], *, pool: int = 1) -> Done:
    """Does the work with the database and the registers of the settings.

    Args:
        work: What is to be done.
        pool: How many connections to the database it may use at the same time.

    Raises:
        typer.Exit: The settings are no good, the database can't be reached or is older than this program, or it was
            refused; why stands on the error output.
    """
    # The standard output is for what a command answers.
    configure_logging(sys.stderr, logging.WARNING)
    try:
        with told_without_database():
            return asyncio.run(_with_everything(work, pool))
    except (Refusal, Refusals) as refused:
        for refusal in refused.refusals:
            typer.echo(f"{'.'.join(refusal.path)}: {worded(refusal)}", err=True)
        raise typer.Exit(ExitStatus.REFUSED) from None


@contextmanager
def told_without_database() -> Iterator[None]:
    """Says so where the database can't be reached.

    Raises:
        typer.Exit: It can't; a mail server that hands a mail over keeps it, and comes again.
    """
    try:
        yield
    except _AWAY as error:
        message = f"The database can't be reached ({type(error).__name__}). `econtracting check` tells more."
        typer.echo(message, err=True)
        raise typer.Exit(ExitStatus.TRY_AGAIN) from None


def worded(refusal: Refusal) -> str:
    """Why, in the operator's language, which is English."""
    if type(refusal) is NotFound:  # Of which others don't learn whether it is there; the operator sees everything.
        return text("en", "There is nothing with this number.")
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
        configuration = settings_or_end()
        await open_database(str(configuration.database_url), pool_size=pool)
        if not await has_required_migrations():
            typer.echo("The database is older than this program. Run `econtracting migrate` first.", err=True)
            raise typer.Exit(ExitStatus.TRY_AGAIN)
        async with open_registers(configuration):
            return await work
    finally:
        work.close()
        await close_database()
