"""How far a long command is, on a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PATIENCE: Final = 1.0
"""Seconds before anything is shown: what is done at once needs no bar."""


@contextmanager
def show_progress(doing: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Shows a bar on the error output while the block lasts, where that is a terminal; gives what to tell it.

    Args:
        doing: What is being done.
        quiet: Shows nothing.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    begun = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(doing, total=None, visible=False)

        def tell(total: int, left: int) -> None:
            bar.update(task, total=total, completed=total - left, visible=time.monotonic() - begun > PATIENCE)

        yield tell
