"""Runs the operator's commands with a database and registers; refusals end with a message and status 1."""

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

from commands.checks.configuration import settings_or_exit
from domain.database.connection import close_database, open_database
from domain.database.readiness import has_required_migrations
from domain.refusals import NotFound, Refusal, Refusals
from logs import configure_logging
from registers.lifespan import open_registers
from wording import text

Result = TypeVar("Result")
_DATABASE_UNAVAILABLE: Final = (
    OSError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""The errors of a database that can't be reached, refuses the login, is stopping, or has no connection left."""


class ExitStatus(IntEnum):
    """The exit statuses of commands; those above 2 are those that mail servers understand (sysexits)."""

    REFUSED = 1
    NO_INPUT = 66
    TRY_AGAIN = 75


def run_with_database(work: Coroutine[Any, Any, Result], *, pool: int = 1) -> Result:
    """Runs the work with the database and the registers of the settings.

    Args:
        work: The work.
        pool: The maximum number of database connections.

    Raises:
        typer.Exit: The settings are invalid, the database can't be reached or isn't migrated, or the work was refused;
            the reason is printed to standard error.
    """
    # The standard output is for the command's output.
    configure_logging(sys.stderr, logging.WARNING)
    try:
        with exit_without_database():
            return asyncio.run(_run(work, pool))
    except (Refusal, Refusals) as refused:
        for refusal in refused.refusals:
            typer.echo(f"{'.'.join(refusal.path)}: {message_of(refusal)}", err=True)
        raise typer.Exit(ExitStatus.REFUSED) from None


@contextmanager
def exit_without_database() -> Iterator[None]:
    """Exits with a message if the database can't be reached.

    Raises:
        typer.Exit: It can't be reached; with this status a mail server that passes a mail keeps it and retries.
    """
    try:
        yield
    except _DATABASE_UNAVAILABLE as error:
        message = f"The database can't be reached ({type(error).__name__}). `econtracting check` tells more."
        typer.echo(message, err=True)
        raise typer.Exit(ExitStatus.TRY_AGAIN) from None


def message_of(refusal: Refusal) -> str:
    """The message of a refusal, in English."""
    # Its own message doesn't say whether the object exists; the operator sees everything.
    if type(refusal) is NotFound:
        return text("en", "There is nothing with this number.")
    return text("en", refusal.message, **refusal.facts)


def prompt_hidden(question: str) -> str:
    """Reads a secret without echoing it, or from the next line of the input; arguments would be in the process list.

    Raises:
        typer.Exit: The input has ended.
    """
    if sys.stdin.isatty():
        secret: str = typer.prompt(question, hide_input=True)
        return secret
    line = sys.stdin.readline().strip()
    if not line:
        typer.echo(f"{question}: nothing was given.", err=True)
        raise typer.Exit(2)
    return line


async def _run(work: Coroutine[Any, Any, Result], pool: int) -> Result:
    try:
        configuration = settings_or_exit()
        await open_database(str(configuration.database_url), pool_size=pool)
        if not await has_required_migrations():
            typer.echo("The database is older than this program. Run `econtracting migrate` first.", err=True)
            raise typer.Exit(ExitStatus.TRY_AGAIN)
        async with open_registers(configuration):
            return await work
    finally:
        work.close()
        await close_database()
