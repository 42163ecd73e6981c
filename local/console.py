"""Output to the user's terminal."""

import contextlib
from collections.abc import Iterator

import click

from local.errors import LocalStackError


def print_line(text: str) -> None:
    """Prints a line; a terminal that has gone away is no error."""
    with contextlib.suppress(OSError):
        click.echo(text)


@contextlib.contextmanager
def exit_on_error() -> Iterator[None]:
    """Ends this program with a sentence instead of a traceback, for an error that its user can act on."""
    try:
        yield
    except (LocalStackError, OSError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
