"""How this process reads: a question with one row for an answer, by connections for reading alone."""

from dataclasses import dataclass
from typing import Any

from domain.database.batching import BatchingPool
from domain.database.connection import database
from domain.database.reading_pool import open_pool


@dataclass(frozen=True)
class Question:
    """A statement that reads one row and changes nothing, and its values.

    Attributes:
        statement: The SQL; the row's columns are found by name.
        values: Of its parameters.
    """

    statement: str
    values: tuple[Any, ...]


_open: list[BatchingPool] = []


async def open_reading(url: str, size: int) -> None:
    """Opens the connections that this process reads by; until then it has none for reading alone.

    Args:
        url: The database.
        size: How many there are at most; 0 for none.
    """
    if size:
        _open.append(BatchingPool(await open_pool(url, size)))


async def close_reading() -> None:
    """Gives the connections back."""
    while _open:
        await _open.pop().close()


def reading() -> BatchingPool | None:
    """The open connections, or None."""
    return _open[-1] if _open else None


async def read_row(question: Question) -> Any:
    """The row that is asked for, by these connections or, where there are none, by one of the models'.

    Returns:
        The row, whose columns are found by name; None without one.
    """
    if pool := reading():
        return await pool.fetchrow(question.statement, *question.values)
    rows = await database().execute_query_dict(question.statement, list(question.values))
    return rows[0] if rows else None
