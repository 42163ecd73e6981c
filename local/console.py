"""What a person at the terminal is told."""

import contextlib
from collections.abc import Iterator

import click

from local.refusals import LocalStackError


def say(text: str) -> None:
    """Shows a line; a terminal that has gone away stops nothing."""
    with contextlib.suppress(OSError):
        click.echo(text)


@contextlib.contextmanager
def refusals_told() -> Iterator[None]:
    """Ends this program with a sentence in place of a traceback where a person can act on it."""
    try:
        yield
    except (LocalStackError, OSError) as refused:
        click.echo(str(refused), err=True)
        raise SystemExit(1) from None
