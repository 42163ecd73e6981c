"""What the operator's commands stand on: a database, registers, and refusals that end with a message and status 1."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from domain.database import close_database, open_database
from domain.refusals import Refusal
from registers.opening import opened_registers
from settings import settings
from wording import text

Done = TypeVar("Done")


def operate(work: Coroutine[Any, Any, Done]) -> Done:
    """Does the work with the database and the registers of the settings.

    Raises:
        typer.Exit: It was refused; why stands on the error output.
    """
    try:
        return asyncio.run(_with_everything(work))
    except Refusal as refusal:
        typer.echo(text("en", refusal.message, **refusal.facts), err=True)
        raise typer.Exit(1) from None


async def _with_everything(work: Coroutine[Any, Any, Done]) -> Done:
    given = settings()
    await open_database(str(given.database_url), pool=1)
    try:
        async with opened_registers(given):
            return await work
    finally:
        work.close()
        await close_database()
