"""A progress bar for long commands."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

SHOW_AFTER: Final = 1.0
"""Seconds before the bar is shown: short commands need none."""


@contextmanager
def show_progress(activity: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Shows a bar on standard error while the block lasts, if that is a terminal.

    Yields a function that takes the total and how much is left.

    Args:
        activity: What is being done.
        quiet: Whether nothing is shown.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    start = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(activity, total=None, visible=False)

        def update(total: int, left: int) -> None:
            bar.update(task, total=total, completed=total - left, visible=time.monotonic() - start > SHOW_AFTER)

        yield update
